/** @param {Uint8Array} bytes */
async function* pieces(bytes) {
  // Pieces of odd lengths, since a medium cuts where it likes.
  for (let at = 0; at < bytes.length; at += 5003) yield bytes.slice(at, at + 5003);
}

/** Bytes as a medium hands them out. @param {Uint8Array} bytes @returns {import("@cache/core").ReadRange} */
export const rangesOf = (bytes) => async (start, end) => pieces(bytes.subarray(start, end));

/** @param {Uint8Array} bytes */
export const streamOf = (bytes) => pieces(bytes);

/** @param {AsyncIterable<Uint8Array>} content */
export async function whole(content) {
  const parts = [];
  for await (const piece of content) parts.push(piece.slice());
  return new Uint8Array(Buffer.concat(parts));
}
