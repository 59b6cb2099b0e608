/**
 * Whether bytes begin with others. For short ones that are no secret: byte by byte takes a fraction of what a call into the
 * platform does, and the time it takes tells where they differ.
 */
export function beginsWith(bytes: Uint8Array, beginning: Uint8Array): boolean {
  const { length } = beginning;
  if (bytes.length < length) return false;
  for (let at = 0; at < length; at++) if (bytes[at] !== beginning[at]) return false;
  return true;
}

/** As {@link beginsWith}, for the whole. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && beginsWith(a, b);
}
