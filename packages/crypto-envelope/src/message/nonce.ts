/** The nonce of chunk `index`: the index, as one big-endian number, mixed into the end of the base nonce. */
export function chunkNonce(base: Uint8Array, index: number): Uint8Array {
  const nonce = base.slice();
  // By division: an index has up to 38 bits, and shifts work on 32.
  for (let at = nonce.byteLength - 1, rest = index; rest > 0; at--, rest = Math.floor(rest / 256)) {
    nonce[at] = (nonce[at] as number) ^ (rest % 256);
  }
  return nonce;
}
