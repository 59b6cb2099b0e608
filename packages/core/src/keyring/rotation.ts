import { toHex } from "../bytes/hex.ts";
import { CacheError } from "../errors.ts";
import type { KeyEntry, KeyStatus } from "./key-entry.ts";
import type { Key } from "./key-string.ts";
import { Keyring } from "./keyring.ts";

const now = (): string => new Date().toISOString();

function entryOf(keyring: Keyring, id: Uint8Array): KeyEntry {
  const entry = keyring.find(id);
  if (entry === undefined) throw new CacheError("ERR_CACHE_UNKNOWN_KEY", "no such key in the keyring");
  return entry;
}

const isPrimary = (keyring: Keyring, { key }: KeyEntry): boolean =>
  key !== undefined && (key === keyring.primary || key === keyring.primarySigner);

function refusePrimary(keyring: Keyring, entry: KeyEntry, doing: string): void {
  if (isPrimary(keyring, entry)) {
    throw new CacheError("ERR_CACHE_KEY_TYPE", `the primary key cannot be ${doing}; promote another one first`);
  }
}

/** The same keyring, one generation on, with some parts changed. */
export function nextGeneration(
  keyring: Keyring,
  change: { entries?: readonly KeyEntry[]; primary?: Uint8Array; primarySigner?: Uint8Array } = {},
): Keyring {
  return new Keyring({
    entries: change.entries ?? keyring.entries,
    primary: change.primary ?? keyring.primary?.id,
    primarySigner: change.primarySigner ?? keyring.primarySigner?.id,
    generation: keyring.generation + 1,
  });
}

const replace = (keyring: Keyring, id: Uint8Array, entry: KeyEntry): readonly KeyEntry[] =>
  keyring.entries.map((each) => (toHex(each.id) === toHex(id) ? entry : each));

/** The key joins as active. It reads at once and writes when promoted; the first of its kind is primary at once. */
export function addKey(keyring: Keyring, key: Key): Keyring {
  const entry: KeyEntry = { id: key.id, type: key.type, status: "active", key, created: now() };
  return nextGeneration(keyring, {
    entries: [...keyring.entries, entry],
    ...(key.type === "master" && keyring.primary === undefined ? { primary: key.id } : {}),
    ...(key.type === "ed25519-secret" && keyring.primarySigner === undefined ? { primarySigner: key.id } : {}),
  });
}

/** The active key becomes the one that writes. Every reader must know it by then. */
export function promoteKey(keyring: Keyring, id: Uint8Array): Keyring {
  const { type } = entryOf(keyring, id);
  if (type === "ed25519-public") throw new CacheError("ERR_CACHE_KEY_TYPE", "a public key cannot write");
  return nextGeneration(keyring, type === "master" ? { primary: id } : { primarySigner: id });
}

function withStatus(keyring: Keyring, id: Uint8Array, status: KeyStatus): Keyring {
  const entry = entryOf(keyring, id);
  return nextGeneration(keyring, { entries: replace(keyring, id, { ...entry, status }) });
}

/** The key reads on and never writes again. */
export function retireKey(keyring: Keyring, id: Uint8Array): Keyring {
  const entry = entryOf(keyring, id);
  refusePrimary(keyring, entry, "retired");
  if (entry.status === "revoked") throw new CacheError("ERR_CACHE_REVOKED_KEY", "the key is revoked, for good");
  return withStatus(keyring, id, "retired");
}

/** The key is no longer believed; its secret goes, its id stays. */
export function revokeKey(keyring: Keyring, id: Uint8Array): Keyring {
  const entry = entryOf(keyring, id);
  refusePrimary(keyring, entry, "revoked");
  const { type, created } = entry;
  const tombstone: KeyEntry = { id, type, status: "revoked", revoked: entry.revoked ?? now(), created };
  return nextGeneration(keyring, { entries: replace(keyring, id, tombstone) });
}

/** The key is forgotten: what it wrote is from now on written by somebody unknown. */
export function removeKey(keyring: Keyring, id: Uint8Array): Keyring {
  refusePrimary(keyring, entryOf(keyring, id), "removed");
  return nextGeneration(keyring, { entries: keyring.entries.filter((entry) => toHex(entry.id) !== toHex(id)) });
}
