import { setUint64 } from "./number.ts";
import { utf8 } from "./text.ts";

/** Pre-authentication encoding (PASETO, "Common implementation details"): no two lists of pieces give the same bytes. */
export function pae(...pieces: readonly (string | Uint8Array)[]): Uint8Array {
  const parts = pieces.map((piece) => (typeof piece === "string" ? utf8(piece) : piece));
  let length = 8;
  for (const part of parts) length += 8 + part.byteLength;
  const out = new Uint8Array(length);
  const view = new DataView(out.buffer);
  setUint64(view, 0, parts.length, true);
  let at = 8;
  for (const part of parts) {
    setUint64(view, at, part.byteLength, true);
    out.set(part, at + 8);
    at += 8 + part.byteLength;
  }
  return out;
}
