/** The parts one after another, on a buffer of their own. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return join(parts);
}

/** As {@link concat}, for any number of parts: as arguments, more than some 120 000 would overflow the stack. */
export function join(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.byteLength;
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.byteLength;
  }
  return out;
}

/** Bytes on a buffer of their own. Not by `slice`: that of a Node Buffer is a view of memory that somebody may use again. */
export function copyOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(bytes.subarray(start, end));
}

/** Everything an iteration yields, joined. */
export async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  // Not slice: that of a Node Buffer shares memory.
  for await (const piece of pieces) parts.push(new Uint8Array(piece));
  return parts.length === 1 ? (parts[0] as Uint8Array) : join(parts);
}
