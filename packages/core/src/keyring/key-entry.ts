import { crypto } from "#platform";
import { toHex } from "../bytes/hex.ts";
import { CacheError } from "../errors.ts";
import type { Key, KeyType } from "./key-string.ts";

/** `active` may write when primary and reads; `retired` reads; `revoked` neither, and its secret is gone. */
export type KeyStatus = "active" | "retired" | "revoked";

/** One key of a keyring. A revoked one is a tombstone: its id, so that a report can say "revoked", and no key. */
export interface KeyEntry {
  readonly id: Uint8Array;
  readonly type: KeyType;
  readonly status: KeyStatus;
  readonly key?: Key | undefined;
  /** ISO 8601, in UTC: `2026-01-01T00:00:00Z`. */
  readonly created?: string | undefined;
  /** ISO 8601, in UTC. */
  readonly revoked?: string | undefined;
}

/** Most keys of a keyring, and most of them that can read. */
const MAX_KEYS = 64;
const MAX_READABLE = 16;
/** Bytes of a key id. */
const ID_LENGTH = 16;

const DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/;
const STATUSES: readonly string[] = ["active", "retired", "revoked"] satisfies KeyStatus[];

function refuse(why: string): never {
  throw new CacheError("ERR_CACHE_KEY_FORMAT", why);
}

/** The 30th of February has the form of a date; written out again it is another day. */
function isDate(text: string): boolean {
  const time = DATE.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 19) === text.slice(0, 19);
}

function checkEntry({ id, type, status, key, created, revoked }: KeyEntry): void {
  if (id.byteLength !== ID_LENGTH) refuse(`a key id has ${ID_LENGTH} bytes`);
  if (!STATUSES.includes(status)) refuse("a key has an unknown status");
  for (const date of [created, revoked]) {
    if (date !== undefined && !isDate(date)) refuse("a date is of the form 2026-01-01T00:00:00Z");
  }
  if ((status === "revoked") !== (key === undefined)) {
    refuse("a revoked key has no secret, and every other key has one");
  }
  if (key !== undefined && (key.type !== type || !crypto.equal(key.id, id))) {
    refuse("a key's id or type is not what its material says");
  }
}

/**
 * Refuses entries that contradict themselves or each other, so that whatever a keyring holds can be written and read again.
 * @throws CacheError `ERR_CACHE_KEY_FORMAT`
 */
export function checkEntries(entries: readonly KeyEntry[]): void {
  if (entries.length > MAX_KEYS) refuse(`a keyring has at most ${MAX_KEYS} keys`);
  for (const entry of entries) checkEntry(entry);
  if (entries.filter(({ key }) => key !== undefined).length > MAX_READABLE) {
    refuse(`a keyring has at most ${MAX_READABLE} keys that read`);
  }
  if (new Set(entries.map(({ id }) => toHex(id))).size < entries.length) refuse("two keys have one id");
}

const createdAt = ({ created }: KeyEntry): number => (created === undefined ? 0 : Date.parse(created));

/** Orders entries by creation, later first; those without a date come last. */
export function laterFirst(a: KeyEntry, b: KeyEntry): number {
  return createdAt(b) - createdAt(a);
}
