import { utf8 } from "../bytes/text.ts";

/** The bytes of a user's key. @throws TypeError unless it is well-formed text of 1 to 4096 bytes of UTF-8 */
export function keyBytes(key: string): Uint8Array {
  if (typeof key !== "string") throw new TypeError("a key is text");
  const bytes = utf8(key);
  if (bytes.byteLength < 1 || bytes.byteLength > 4096) throw new TypeError("a key has 1 to 4096 bytes of UTF-8");
  return bytes;
}
