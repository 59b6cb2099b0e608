import { utf8 } from "./text.ts";

/** Pre-authentication encoding (PASETO, "Common implementation details"): no two lists of pieces give the same bytes. */
export function pae(...pieces: readonly (string | Uint8Array)[]): Uint8Array {
  const parts = pieces.map((piece) => (typeof piece === "string" ? utf8(piece) : piece));
  const out = new Uint8Array(parts.reduce((length, part) => length + 8 + part.byteLength, 8));
  const view = new DataView(out.buffer);
  // Lengths by BigInt: the shift-based sample that circulates yields zero for 2^32.
  view.setBigUint64(0, BigInt(parts.length), true);
  let at = 8;
  for (const part of parts) {
    view.setBigUint64(at, BigInt(part.byteLength), true);
    out.set(part, at + 8);
    at += 8 + part.byteLength;
  }
  return out;
}
