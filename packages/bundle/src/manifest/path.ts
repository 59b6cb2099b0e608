import { pathProblem } from "@cache/core/adapter";
import { utf8 } from "@cache/core/bytes";
import { malformed } from "../malformed.ts";

/**
 * The bytes of a path that the format allows.
 * @throws CacheError `ERR_CACHE_FORMAT`
 */
export function pathBytes(path: string): Uint8Array {
  const problem = pathProblem(path);
  if (problem !== undefined) throw malformed("path", problem);
  return utf8(path);
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
