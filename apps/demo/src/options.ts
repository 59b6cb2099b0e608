import { parseArgs } from "node:util";
import { FEWEST_FILES } from "./attacks/gallery.ts";

/** What the user asked for. */
export interface Options {
  readonly files: number;
  /** Where the HTML report goes; `undefined` for the usual place. */
  readonly report: string | undefined;
  readonly keep: boolean;
  readonly help: boolean;
}

const MOST_FILES = 5000;

/** How to use the program. */
export const HELP: string = `Usage: npm run demo -- [options]

Analyses and compresses source files of this repository and its packages with a sealed and signed cache on disk,
cold and warm; attacks the cache's directory; rotates its keys; and shows that the output stays the same. Then does
once what else such a cache is for: keeps results of functions and versions of a file, and makes
signed packages.

  --files N      how many files to take, ${FEWEST_FILES} to ${MOST_FILES} (default 800)
  --report FILE  where to write the HTML report (default .demo/report.html)
  --keep         leave the cache directory behind and say where it is
  --help         this text

Exit code: 0 all is as promised, 1 something is not, 2 wrong usage.
NO_COLOR turns colours off.
`;

/** @throws TypeError for what the program does not understand */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      files: { type: "string", default: "800" },
      report: { type: "string" },
      keep: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const files = /^\d{1,6}$/.test(values.files) ? Number(values.files) : 0;
  if (files < FEWEST_FILES || files > MOST_FILES) {
    throw new TypeError(`--files is a number from ${FEWEST_FILES} to ${MOST_FILES}`);
  }
  return { files, report: values.report, keep: values.keep, help: values.help };
}
