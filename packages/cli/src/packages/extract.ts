import { extractBundle } from "@cache/bundle";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { printable, writeJson, writeLine } from "../output.ts";
import { pathArgument } from "../path-argument.ts";
import { UsageError } from "../usage-error.ts";
import { titleOf } from "./describe.ts";
import { withProgress } from "./progress.ts";
import { advised, atMost, subjectOf } from "./subject.ts";
import { trustText } from "./verify.ts";

/** `cache bundle extract`. */
export async function extract(invocation: Invocation, rest: readonly string[]): Promise<number> {
  atMost(rest, 2);
  const { given } = invocation;
  const directory = pathArgument(rest[1] ?? "", "the directory to extract to");
  if (directory === "") throw new UsageError("no directory to extract to is named");
  const { file, trust } = await subjectOf(invocation, rest);
  const maxBytes = given.text("max-bytes");
  const work = withProgress("extracting", (watched) =>
    extractBundle(file, directory, { ...trust, maxBytes, ...watched }),
  );
  const found = await advised(work);
  if (given.flag("json")) await writeJson({ state: "ok", directory, ...found });
  else await writeLine(`${titleOf(found)}: extracted to ${printable(directory)}; ${trustText(found)}`);
  return EXIT.ok;
}
