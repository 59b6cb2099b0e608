import { lstatSync } from "node:fs";
import { join } from "node:path";

/** What a file is in its layout. `other` belongs to none, and is left alone whatever is asked. */
export type Part = "value" | "plaintext-copy" | "left-over" | "other";

/** `h[0:2]/h[2:4]/h`, and the copy in plain text that is written beside it. */
const DELTAGLIDER = /^([0-9a-f]{2})\/([0-9a-f]{2})\/(?:\1\2[0-9a-f]{60}(\.decrypted)?|(\.tmp\.).+)$/;
/** Of a writer that was killed: beside what it was to encrypt. */
const ENCRYPTED_TEMPORARY = /(^|\/)[^/]+\.encrypted\.tmp$/;
/** Flat, or in the two directories of a cache; beside them locks, and temporary files with a UUID in their name. */
const FLECHE =
  /^(?:values\/|calls\/)?(?:[0-9a-f]{64}(\.lock)?|(\.)[^/]*[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}[^/]*)$/;

/** What a file of DeltaGlider's cache directory is, by its path below that directory. */
export function deltaGliderPart(path: string): Part {
  const found = DELTAGLIDER.exec(path);
  if (found === null) return ENCRYPTED_TEMPORARY.test(path) ? "left-over" : "other";
  const [, , , copy, temporary] = found;
  if (copy !== undefined) return "plaintext-copy";
  return temporary === undefined ? "value" : "left-over";
}

/** What a file of fleche's directory is, by its path below that directory. */
export function flechePart(path: string): Part {
  const found = FLECHE.exec(path);
  if (found === null) return "other";
  return found[1] === undefined && found[2] === undefined ? "value" : "left-over";
}

/** Directories and the file in them: of `v1` with two levels, and of the others. */
export const DEEPEST = { cache: 5, others: 3 } as const;

/** Whether a directory is a store of this very kind. */
export function isStore(directory: string): boolean {
  return lstatSync(join(directory, "v1", "layout"), { throwIfNoEntry: false })?.isFile() === true;
}

/** What made the files below a directory; `undefined` when no name says so. */
export function layoutOf(files: readonly string[]): "deltaglider" | "fleche" | undefined {
  if (files.some((path) => ["value", "plaintext-copy"].includes(deltaGliderPart(path)))) return "deltaglider";
  return files.some((path) => flechePart(path) === "value") ? "fleche" : undefined;
}
