import { existsSync } from "node:fs";
import { trustLines } from "@cache/config/keys";
import { utf8 } from "@cache/core/bytes";
import type { Given } from "../command.ts";
import { writeJson, writeLine } from "../output.ts";
import { outputPath, publishOutput } from "../output-file.ts";
import { UsageError } from "../usage-error.ts";
import { textIn } from "./public-key.ts";

/** What a root signed just now. */
export interface Issued {
  /** The field of it in JSON. */
  readonly type: "certificate" | "revocations";
  readonly text: string;
  /** For programs. */
  readonly fields: object;
  /** For people, when the text goes elsewhere. */
  readonly words: string;
}

/** Keys, and whatever else is no certificate or list, stay what they are: a slip must not cost a root its key. */
async function requireReplaceable(path: string, type: Issued["type"]): Promise<void> {
  if (!existsSync(path)) return;
  const [first] = trustLines(await textIn(path));
  if (first !== undefined && !first.startsWith(`cachet1.${type}.`))
    throw new UsageError("-o names a file with something else in it", "name another one");
}

/** Prints what was signed, or publishes it as the file of `-o`. */
export async function writeIssued(given: Given, { type, text, fields, words }: Issued): Promise<void> {
  const output = await outputPath(given.text("output"));
  if (output !== undefined) {
    await requireReplaceable(output.path, type);
    await publishOutput(output, [utf8(`${text}\n`)]);
  }
  const where = output === undefined ? { [type]: text } : { path: output.path };
  if (given.flag("json")) await writeJson({ ...fields, ...where });
  else await writeLine(output === undefined ? text : words);
}
