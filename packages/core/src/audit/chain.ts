import { crypto } from "#platform";
import { fromHex, toHex } from "../bytes/hex.ts";
import { pae } from "../bytes/pae.ts";
import type { MasterKey } from "../keyring/master-key.ts";

/** The key of a chain that only its holders can continue. */
export type AuditKey = Pick<MasterKey, "subkey">;

/** Before the first line of a run. */
export const START: string = "0".repeat(64);

const SHAPE = /^(\{.+),"chain":"([0-9a-f]{64})"\}$/;

/** The hash of a line, in whose text the hash of the line before it in its run stands. */
function hashOf(key: AuditKey | undefined, text: string): Uint8Array {
  const message = pae("cache/v1/audit", text);
  return key === undefined ? crypto.sha256(message) : crypto.hmac("sha256", key.subkey("audit"), message);
}

/** A line without its line feed, and its hash. */
export function chained(key: AuditKey | undefined, fields: object): { line: string; chain: string } {
  const text = JSON.stringify(fields);
  const chain = toHex(hashOf(key, text));
  return { line: `${text.slice(0, -1)},"chain":"${chain}"}`, chain };
}

/** A line and its hash as they stand. */
export interface ReadLine {
  readonly text: string;
  readonly chain: string;
}

/** What a line says, apart from whether it holds. `undefined` for what is no line of a log. */
export function parseLine(line: string): ReadLine | undefined {
  const [, text, chain] = SHAPE.exec(line) ?? [];
  return text === undefined || chain === undefined ? undefined : { text: `${text}}`, chain };
}

/** Whether a line has the hash that it should have. */
export function holds(key: AuditKey | undefined, { text, chain }: ReadLine): boolean {
  return crypto.equal(hashOf(key, text), fromHex(chain) as Uint8Array);
}
