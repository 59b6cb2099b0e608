import { utf8 } from "@cache/core/bytes";
import { malformed } from "../malformed.ts";

/** Longest path of a member in bytes: its length takes two of the manifest. */
const MAX_PATH = 65_535;

/** What a path may not hold: separators and device names of other systems, and the end of a string of most. */
const FORBIDDEN: readonly string[] = ["\\", ":", "\0"];

/**
 * The bytes of a path that the format allows: relative, `/` between its parts, none of them empty, `.` or `..`.
 * @throws CacheError `ERR_CACHE_FORMAT`
 */
export function pathBytes(path: string): Uint8Array {
  if (!path.isWellFormed()) throw malformed("path", "it is not Unicode text");
  const bytes = utf8(path);
  if (bytes.byteLength > MAX_PATH) throw malformed("path", "it has more than 65535 bytes");
  if (FORBIDDEN.some((character) => path.includes(character))) throw malformed("path", "it has a \\, a colon or a NUL");
  // An absolute path begins with an empty part.
  if (path.split("/").some((part) => part === "" || part === "." || part === ".."))
    throw malformed("path", "one of its parts is empty, . or ..");
  return bytes;
}

/** Below, above or equal to zero, as `a` comes before `b`, after it or is the same, byte by byte. */
export function pathOrder(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.byteLength, b.byteLength);
  for (let at = 0; at < shorter; at++) {
    const difference = (a[at] as number) - (b[at] as number);
    if (difference !== 0) return difference;
  }
  return a.byteLength - b.byteLength;
}

/** The directories that a path is in, the topmost first: `a` and `a/b` of `a/b/c`. */
export function parentsOf(path: string): string[] {
  const parents: string[] = [];
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) parents.push(path.slice(0, at));
  return parents;
}
