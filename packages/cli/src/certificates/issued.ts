import { utf8 } from "@cache/core/bytes";
import { withFileLock } from "@cache/core/keyring-file";
import type { Given } from "../command.ts";
import { writeJson, writeLine } from "../output.ts";
import { type OutputPath, outputPath, publishOutput } from "../output-file.ts";
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
  /** Looks at the text whose place it takes. @throws UsageError when that is to stay */
  readonly requireSame?: ((text: string) => Promise<void>) | undefined;
}

/**
 * Runs what looks at the file of `-o` and then replaces it, while no other such command does: what one of them wrote, and said so, is
 * not replaced unseen.
 */
export async function holdingOutput<T>(given: Given, work: () => Promise<T>): Promise<T> {
  const output = await outputPath(given.text("output"));
  return output === undefined ? work() : withFileLock(output.path, work, "the file of -o");
}

/** One certificate or list and nothing beside it. Keys, notes and collections stay: a slip must not cost a root its key. */
async function requireReplaceable({ path, isThere }: OutputPath, { type, requireSame }: Issued): Promise<void> {
  if (!isThere) return;
  const text = (await textIn(path)).trim();
  if (!text.startsWith(`cachet1.${type}.`) || /\s/.test(text))
    throw new UsageError("-o names a file with something else in it", "name another one");
  await requireSame?.(text);
}

/** Prints what was signed, or publishes it as the file of `-o`, which is held. */
export async function writeIssued(given: Given, issued: Issued): Promise<void> {
  const { type, text, fields, words } = issued;
  const output = await outputPath(given.text("output"));
  if (output !== undefined) {
    await requireReplaceable(output, issued);
    await publishOutput(output, [utf8(`${text}\n`)]);
  }
  const where = output === undefined ? { [type]: text } : { path: output.path };
  if (given.flag("json")) await writeJson({ ...fields, ...where });
  else await writeLine(output === undefined ? text : words);
}
