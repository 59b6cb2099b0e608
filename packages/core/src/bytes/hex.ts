import { fromUtf8, utf8 } from "./text.ts";

const DIGITS = utf8("0123456789abcdef");

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  const codes = new Uint8Array(2 * bytes.byteLength);
  let at = 0;
  for (const byte of bytes) {
    codes[at++] = DIGITS[byte >> 4] as number;
    codes[at++] = DIGITS[byte & 15] as number;
  }
  // At once: text that is put together piece by piece is a tree of its pieces, which takes ten times the memory while it is kept.
  return fromUtf8(codes);
}

/** So many bytes of lower-case hexadecimal digits, as {@link toHex} writes them; `undefined` for anything else, text or not. */
export function fromLowerHex(text: unknown, length: number): Uint8Array | undefined {
  const isWritten = typeof text === "string" && text.length === 2 * length && /^[0-9a-f]*$/.test(text);
  return isWritten ? fromHex(text) : undefined;
}

/** Bytes of an even number of lower- or upper-case hexadecimal digits; `undefined` for anything else. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return undefined;
  const out = new Uint8Array(text.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return out;
}
