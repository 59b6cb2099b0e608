import { concat } from "./join.ts";
import { utf8 } from "./text.ts";

/** 8 bytes little-endian. By BigInt: the shift-based sample that circulates yields zero for 2^32. */
function le64(value: number): Uint8Array {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, BigInt(value), true);
  return out;
}

/** Pre-authentication encoding (PASETO, "Common implementation details"): no two lists of pieces give the same bytes. */
export function pae(...pieces: readonly (string | Uint8Array)[]): Uint8Array {
  const parts: Uint8Array[] = [le64(pieces.length)];
  for (const piece of pieces) {
    const bytes = typeof piece === "string" ? utf8(piece) : piece;
    parts.push(le64(bytes.byteLength), bytes);
  }
  return concat(...parts);
}
