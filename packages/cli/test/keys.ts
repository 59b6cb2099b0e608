import { randomBytes } from "node:crypto";
import { formatKey, MasterKey, SigningKey } from "@cache/core/keyring";

/** A fresh master in its native form. */
export const masterText = (): string => formatKey(MasterKey.import(new Uint8Array(randomBytes(32))));

/** A fresh Ed25519 pair in its native forms. */
export function pairText(): { readonly secret: string; readonly public: string } {
  const key = SigningKey.generate();
  return { secret: formatKey(key), public: formatKey(key.publicKey) };
}

/** What of a key must not be seen anywhere: its text, and its bytes in hexadecimal and base64. */
export function tracesOf(text: string): string[] {
  const encoded = text.split(".")[2] as string;
  const bytes = Buffer.from(encoded, "base64url").subarray(0, 32);
  return [encoded.slice(0, 12), bytes.toString("hex").slice(0, 16), bytes.toString("base64").slice(0, 12)];
}
