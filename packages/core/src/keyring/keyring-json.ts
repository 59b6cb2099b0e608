import { fromLowerHex, toHex } from "../bytes/hex.ts";
import { CacheError } from "../errors.ts";
import type { KeyEntry, KeyStatus } from "./key-entry.ts";
import { formatKey, type Key, type KeyType, parseKey } from "./key-string.ts";
import { Keyring } from "./keyring.ts";

const malformed = (why: string, cause?: unknown): CacheError =>
  new CacheError("ERR_CACHE_KEY_FORMAT", `the keyring file is not usable: ${why}`, { cause });

const TYPES: readonly string[] = ["master", "ed25519-secret", "ed25519-public"];
const STATUSES: readonly string[] = ["active", "retired", "revoked"];

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown, allowed: readonly string[]): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed("an object is expected");
  for (const field of Object.keys(value)) if (!allowed.includes(field)) throw malformed("it has an unknown field");
  return value as Fields;
}

function idOf(value: unknown): Uint8Array {
  const id = fromLowerHex(value, 16);
  if (id === undefined) throw malformed("an id is 32 lower-case hexadecimal digits");
  return id;
}

function oneOf<T extends string>(value: unknown, allowed: readonly string[], what: string): T {
  if (!(allowed as readonly unknown[]).includes(value)) throw malformed(`it has an unknown ${what}`);
  return value as T;
}

function dateOf(value: unknown): string | undefined {
  if (value !== undefined && typeof value !== "string") throw malformed("a date is text");
  return value;
}

function keyOf(fields: Fields, type: KeyType, status: KeyStatus): Key | undefined {
  const [field, other] = type === "ed25519-public" ? ["public", "secret"] : ["secret", "public"];
  if (fields[other as string] !== undefined) throw malformed(`a key of type ${type} has no field "${other}"`);
  const text = fields[field as string];
  if (status === "revoked") {
    if (text !== undefined) throw malformed("a revoked key still has its secret");
    return undefined;
  }
  if (typeof text !== "string") throw malformed(`a key of type ${type} needs its "${field}"`);
  return parseKey(text);
}

function entryOf(value: unknown): KeyEntry {
  const fields = fieldsOf(value, ["id", "type", "status", "created", "revoked", "secret", "public"]);
  const type = oneOf<KeyType>(fields["type"], TYPES, "type");
  const status = oneOf<KeyStatus>(fields["status"], STATUSES, "status");
  return {
    id: idOf(fields["id"]),
    type,
    status,
    key: keyOf(fields, type, status),
    created: dateOf(fields["created"]),
    revoked: dateOf(fields["revoked"]),
  };
}

/** A JSON keyring (format, "Keys"). @throws CacheError `ERR_CACHE_KEY_FORMAT`, `ERR_CACHE_KEY_TYPE`, `ERR_CACHE_WEAK_KEY` */
export function decodeKeyring(text: string): Keyring {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which holds secrets; so it is not kept as the cause.
    throw malformed("it is not JSON");
  }
  const fields = fieldsOf(value, ["format", "version", "generation", "primary", "primarySigner", "keys"]);
  if (fields["format"] !== "cache-keyring" || fields["version"] !== 1) throw malformed("it is of another format");
  const { generation, primary, primarySigner, keys } = fields;
  if (typeof generation !== "number") throw malformed("it has no generation");
  if (!Array.isArray(keys)) throw malformed("it has no list of keys");
  return new Keyring({
    entries: keys.map(entryOf),
    primary: primary === undefined ? undefined : idOf(primary),
    primarySigner: primarySigner === undefined ? undefined : idOf(primarySigner),
    generation,
  });
}

/** The JSON text of a keyring, secrets included: for a private file and nothing else. */
export function encodeKeyring(keyring: Keyring): string {
  const keys = keyring.entries.map(({ id, type, status, created, revoked, key }) => ({
    id: toHex(id),
    type,
    status,
    created,
    revoked,
    ...(key === undefined ? {} : { [type === "ed25519-public" ? "public" : "secret"]: formatKey(key) }),
  }));
  const file = {
    format: "cache-keyring",
    version: 1,
    generation: keyring.generation,
    primary: keyring.primary && toHex(keyring.primary.id),
    primarySigner: keyring.primarySigner && toHex(keyring.primarySigner.id),
    keys,
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}
