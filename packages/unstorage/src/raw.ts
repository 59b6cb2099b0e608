import { utf8 } from "@cache/core/bytes";

/** The bytes of what was given as a raw value. @throws TypeError for what is neither bytes nor well-formed text */
export function bytesOf(value: unknown): Uint8Array {
  if (typeof value === "string") return utf8(value);
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  throw new TypeError("a raw value is bytes or text; setItem takes objects");
}

/** Bytes as text; what is not UTF-8 in it becomes a mark of that, as in unstorage's own drivers. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
