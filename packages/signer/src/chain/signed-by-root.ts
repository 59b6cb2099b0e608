import { CacheError } from "@cache/core";
import { utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import type { SigningKey, VerifyingKey } from "@cache/core/keyring";
import { encodeRecord, RecordKind, readClaim, verifyRecord } from "@cache/core/record";
import { ed25519Signer } from "../ed25519-signer.ts";
import { armored, recordIn, type TrustKind } from "./armor.ts";

/** No cache and no user can have a namespace that begins with a zero byte, so nothing else that is signed is taken for this. */
export const NAMESPACE = "\u0000trust";

/** What a root states, and for how long. */
export interface RootStatement {
  readonly kind: TrustKind;
  readonly payload: Uint8Array;
  readonly created: number;
  readonly expires: number;
  readonly sequence: number;
}

/** The same, verified. */
export interface Verified extends RootStatement {
  /** Id of the root, 16 bytes. */
  readonly issuer: Uint8Array;
  /** SHA-256 of all that was signed and the signature. */
  readonly digest: Uint8Array;
}

/** @throws CacheError `ERR_CACHE_FORMAT` for times out of bounds */
export async function signByRoot(root: SigningKey, stated: RootStatement): Promise<string> {
  const { kind, payload, created, expires, sequence } = stated;
  if (![created, expires, sequence].every((each) => Number.isSafeInteger(each) && each >= 0))
    throw new TypeError("times and numbers are whole, and not below zero");
  if (expires === 0) throw new TypeError("what a root signs expires");
  const [size, digest, key] = [payload.byteLength, crypto.sha256(payload), utf8(kind)];
  const times = { created, expires, sequence };
  const rest = { namespace: NAMESPACE, key, writer: "", metadata: new Uint8Array() };
  const statement = { kind: RecordKind.entry, ...times, size, digest, ...rest };
  return armored(kind, await encodeRecord(statement, ed25519Signer({ identity: root }), payload));
}

/**
 * What one of the roots signed, at whatever time: its times are for who uses it, each time it is used.
 * @throws CacheError `ERR_CACHE_FORMAT`, `ERR_CACHE_UNKNOWN_KEY` for no root's, `ERR_CACHE_AUTH`
 */
export async function verifyByRoot(kind: TrustKind, text: string, roots: readonly VerifyingKey[]): Promise<Verified> {
  const record = recordIn(kind, text);
  // Only the time of its making is taken unverified, as the moment to verify it at; expiry comes after that by the format.
  const { created: now } = readClaim(record).statement;
  const expected = { namespace: NAMESPACE, key: utf8(kind), now };
  const verified = await verifyRecord(record, ed25519Signer({ trusted: roots }), expected);
  const { statement, payload, keyId: issuer } = verified;
  if (statement.kind !== RecordKind.entry || statement.expires === 0 || payload === undefined)
    throw new CacheError("ERR_CACHE_FORMAT", `not a ${kind}: it has no end, no content, or is something else`);
  const { created, expires, sequence } = statement;
  return { kind, payload, created, expires, sequence, issuer, digest: crypto.sha256(record) };
}
