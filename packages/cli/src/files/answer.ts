import type { FileLookup, StoredFiles } from "@cache/files";
import { EXIT } from "../exit-codes.ts";
import { printable, writeJson, writeLine } from "../output.ts";
import { sizeText } from "../units.ts";
import { UsageError } from "../usage-error.ts";

/** Files that are kept, for people. */
export const textOf = ({ digest, kind, files, size }: StoredFiles): string =>
  `${digest} ${kind === "file" ? "file" : counted(files)}, ${sizeText(size)}`;

const counted = (files: number): string => (files === 1 ? "1 file in a directory" : `${files} files`);

/** Says what is known of a key, and answers the exit code. @throws CacheError what made it rejected */
export async function answer(found: FileLookup, path: string, json: boolean): Promise<number> {
  if (json) await writeJson(documentOf(found));
  else if (found.state === "hit") await writeLine(`${textOf(found.files)}, in ${printable(path)}`);
  if (found.state === "rejected") throw found.error;
  return found.state === "hit" ? EXIT.ok : EXIT.miss;
}

function documentOf(found: FileLookup): object {
  if (found.state === "hit") return { state: found.state, ...found.files };
  return found.state === "rejected" ? { state: found.state, code: found.code } : { state: found.state };
}

/** What the system says of the path that was named is wrong use; all else is as it is. */
export function refuseInput(error: unknown): never {
  const { code, syscall } = (error ?? {}) as { code?: unknown; syscall?: unknown };
  if (typeof code !== "string" || typeof syscall !== "string") throw error;
  throw new UsageError(`what is to be kept cannot be read: ${code}`, "name a file or a directory");
}
