import { crypto } from "#platform";
import { toHex } from "../bytes/hex.ts";
import { refusalOf } from "../cache/verdicts.ts";
import { CacheError } from "../errors.ts";
import type { SigningKey } from "./ed25519-keys.ts";
import { showAsText } from "./inspect.ts";
import { checkEntries, type KeyEntry, laterFirst } from "./key-entry.ts";
import type { Key, KeyType } from "./key-string.ts";
import type { MasterKey } from "./master-key.ts";

/** What a keyring is made of; ids are 16 bytes. */
export interface KeyringParts {
  readonly entries: readonly KeyEntry[];
  /** Id of the active master that writes. */
  readonly primary?: Uint8Array | undefined;
  /** Id of the active Ed25519 secret key that signs. */
  readonly primarySigner?: Uint8Array | undefined;
  /** Grows by one per change; a lower one is never taken in exchange. */
  readonly generation: number;
}

/** A keyring, or where to ask for the present one, so that a rotation reaches a running process. */
export type KeyringSource = Keyring | (() => Keyring);

const isKey = (value: Key): boolean => (value as Partial<Key> | null | undefined)?.id instanceof Uint8Array;

const refuse = (code: "ERR_CACHE_KEY_FORMAT" | "ERR_CACHE_KEY_TYPE", why: string): never => {
  throw new CacheError(code, why);
};

/** Keys with one writer and several readers. Immutable: a change is a new keyring of the next generation. */
export class Keyring {
  static {
    showAsText(Keyring.prototype);
  }

  readonly entries: readonly KeyEntry[];
  readonly primary: MasterKey | undefined;
  readonly primarySigner: SigningKey | undefined;
  readonly generation: number;
  /** Masters that can read: the primary first, then the others, newest first, and last those of unknown age in order. */
  readonly masters: readonly MasterKey[];

  /** @throws CacheError `ERR_CACHE_KEY_FORMAT`, `ERR_CACHE_KEY_TYPE` for any set of keys that contradicts itself */
  constructor(parts: KeyringParts) {
    checkEntries(parts.entries);
    if (!Number.isSafeInteger(parts.generation) || parts.generation < 0) {
      refuse("ERR_CACHE_KEY_FORMAT", "a keyring's generation is a count");
    }
    this.entries = parts.entries.map((entry) => ({ ...entry }));
    this.generation = parts.generation;
    this.primary = this.#writer(parts.primary, "master") as MasterKey | undefined;
    this.primarySigner = this.#writer(parts.primarySigner, "ed25519-secret") as SigningKey | undefined;
    this.masters = this.#readableMasters();
  }

  /** The keys in order, all active; the first master and the first signing key are the primaries. */
  static of(...keys: readonly Key[]): Keyring {
    if (!keys.every(isKey)) throw new TypeError("a keyring is made of keys; a string becomes one with parseKey");
    return new Keyring({
      entries: keys.map((key) => ({ id: key.id, type: key.type, status: "active", key })),
      primary: keys.find((key) => key.type === "master")?.id,
      primarySigner: keys.find((key) => key.type === "ed25519-secret")?.id,
      generation: 1,
    });
  }

  /** The key of an id of 16 bytes, revoked ones too. */
  find(id: Uint8Array): KeyEntry | undefined {
    return this.entries.find((entry) => crypto.equal(entry.id, id));
  }

  /** `next`, unless it is older than this one. @throws CacheError `ERR_CACHE_ROLLBACK` */
  succeed(next: Keyring): Keyring {
    if (next.generation < this.generation) {
      throw new CacheError("ERR_CACHE_ROLLBACK", "the keyring is older than the one in use");
    }
    return next;
  }

  #writer(id: Uint8Array | undefined, type: KeyType): Key | undefined {
    if (id === undefined) return undefined;
    const entry = this.find(id) ?? refuse("ERR_CACHE_KEY_FORMAT", "the primary key is not in the keyring");
    if (entry.type !== type) refuse("ERR_CACHE_KEY_TYPE", `the primary has type ${entry.type} where ${type} is meant`);
    if (entry.status !== "active") refuse("ERR_CACHE_KEY_FORMAT", `the primary key is ${entry.status}`);
    return entry.key;
  }

  #readableMasters(): MasterKey[] {
    const others = this.entries
      .filter(({ key }) => key?.type === "master" && key !== this.primary)
      .sort(laterFirst)
      .map(({ key }) => key as MasterKey);
    return this.primary === undefined ? others : [this.primary, ...others];
  }

  /** Short ids and states; never a secret. */
  toString(): string {
    return `Keyring(${this.entries.map(({ id, status }) => `${toHex(id.subarray(0, 4))} ${status}`).join(", ")})`;
  }

  /** As text, so that no secret is ever serialized. */
  toJSON(): string {
    return this.toString();
  }
}

/** By what it does and not by its class, since a program may hold two copies of this package. */
function requireKeyring(value: Keyring): Keyring {
  if (!Array.isArray((value as Partial<Keyring> | null | undefined)?.masters)) {
    throw new TypeError("a keyring is needed, or a function that gives the present one");
  }
  return value;
}

/**
 * A function that gives the keyring a source stands for at each call.
 * @throws TypeError for what is no keyring: at once, or from the call when a function gave it
 * @throws CacheError `ERR_CACHE_KEY_FORMAT` from the call when a function fails with what would be said of stored bytes
 */
export function keyringGetter(source: KeyringSource): () => Keyring {
  if (typeof source === "function") return () => requireKeyring(present(source));
  const keyring = requireKeyring(source);
  return () => keyring;
}

/** Why there is no keyring says nothing of what lies in a store, so it must not have a code that does: that would be set aside. */
function present(source: () => Keyring): Keyring {
  try {
    return source();
  } catch (cause) {
    const { message } = refusalOf(cause);
    throw new CacheError("ERR_CACHE_KEY_FORMAT", `there is no keyring at present: ${message}`, { cause });
  }
}
