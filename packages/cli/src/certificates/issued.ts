import { utf8 } from "@cache/core/bytes";
import type { Given } from "../command.ts";
import { writeJson, writeLine } from "../output.ts";
import { outputPath, publishOutput } from "../output-file.ts";

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

/** Prints what was signed, or publishes it as the file of `-o`. */
export async function writeIssued(given: Given, { type, text, fields, words }: Issued): Promise<void> {
  const output = await outputPath(given.text("output"));
  if (output !== undefined) await publishOutput(output, [utf8(`${text}\n`)]);
  const where = output === undefined ? { [type]: text } : { path: output.path };
  if (given.flag("json")) await writeJson({ ...fields, ...where });
  else await writeLine(output === undefined ? text : words);
}
