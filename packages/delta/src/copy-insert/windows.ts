/** Bytes of the target that are looked at at once. */
const WINDOW = 1_048_576;

/** The same bytes in windows of one length, so that a delta does not depend on how its target came in pieces. */
export async function* windowsOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let window = new Uint8Array(WINDOW);
  let length = 0;
  for await (const piece of pieces) {
    let at = 0;
    while (at < piece.byteLength) {
      const part = piece.subarray(at, at + WINDOW - length);
      window.set(part, length);
      length += part.byteLength;
      at += part.byteLength;
      if (length < WINDOW) continue;
      yield window;
      window = new Uint8Array(WINDOW);
      length = 0;
    }
  }
  if (length > 0) yield window.subarray(0, length);
}
