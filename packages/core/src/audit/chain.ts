import { crypto } from "#platform";
import { fromHex, toHex } from "../bytes/hex.ts";
import { pae } from "../bytes/pae.ts";
import type { MasterKey } from "../keyring/master-key.ts";

/** The key of a chain that only its holders can continue. Every line names it by its id. */
export type AuditKey = Pick<MasterKey, "id" | "subkey">;

/** Before the first line of a log. */
export const START: string = "0".repeat(64);

/** The hash of a line, in whose text the link of the line before it stands. */
function hashOf(key: AuditKey | undefined, text: string): Uint8Array {
  const message = pae("cache/v1/audit", text);
  return key === undefined ? crypto.sha256(message) : crypto.hmac("sha256", key.subkey("audit"), message);
}

/** A line without its line feed. */
export function chained(key: AuditKey | undefined, fields: object): string {
  const text = JSON.stringify(fields);
  return `${text.slice(0, -1)},"chain":"${toHex(hashOf(key, text))}"}`;
}

/**
 * What the next line says of a whole one. Without a key, so that a line that is believed vouches also for those before it that
 * were made with a key that is gone.
 */
export const linkOf = (line: string): string => toHex(crypto.sha256(pae("cache/v1/audit-link", line)));

/** Whether a line has the hash that it should have. */
export function holds(
  key: AuditKey | undefined,
  { text, chain }: { readonly text: string; readonly chain: string },
): boolean {
  return crypto.equal(hashOf(key, text), fromHex(chain) as Uint8Array);
}
