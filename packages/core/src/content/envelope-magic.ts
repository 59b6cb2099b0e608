/** The first bytes of everything sealed (format, "Envelope"). */
const MAGIC = Uint8Array.of(0x89, 0x43, 0x45, 0x4e, 0x56, 0x0d, 0x0a, 0x1a);

/** How many of them there are. */
export const MAGIC_LENGTH: number = MAGIC.byteLength;

/** Whether bytes claim to be sealed. Who has no key for them leaves them alone. */
export function looksSealed(bytes: Uint8Array): boolean {
  return bytes.byteLength >= MAGIC.byteLength && MAGIC.every((byte, i) => bytes[i] === byte);
}
