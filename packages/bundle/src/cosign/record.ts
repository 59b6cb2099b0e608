import type { Signer } from "@cache/core";
import { CacheError } from "@cache/core/adapter";
import { toHex, utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { type Expected, encodeRecord, RecordKind, readClaim, type Statement, verifyRecord } from "@cache/core/record";
import { malformed } from "../malformed.ts";

/** What tells such a record from that of a package, whose metadata is empty. */
const MARK = utf8("cosignature");

/** That of an Ed25519 signature in the header of a record. Whoever verifies another one could have made it. */
export const ED25519 = 2;

/** What a package and a cosignature of it have in common. */
export type Named = Pick<Statement, "namespace" | "key" | "sequence">;

/** Times are milliseconds since 1970 UTC; `expires` 0 is never. */
export interface Times {
  readonly created: number;
  readonly expires: number;
}

/** The record of a further key about the record of a package, so about every byte of it (format, "Packages"). */
export async function encodeCosignature(
  about: Uint8Array,
  named: Named,
  times: Times,
  sign: Signer,
): Promise<Uint8Array> {
  const { namespace, key, sequence } = named;
  const payload = crypto.sha256(about);
  const facts = { size: payload.byteLength, digest: crypto.sha256(payload), writer: "", metadata: MARK };
  const statement = { kind: RecordKind.packageManifest, ...times, namespace, key, sequence, ...facts };
  return encodeRecord(statement, sign, payload);
}

/** Who signed. */
export interface Cosigner {
  /** In hexadecimal. */
  readonly keyId: string;
  /** The key no longer signs. */
  readonly retired: boolean;
}

const isMarked = ({ kind, metadata }: Statement): boolean =>
  kind === RecordKind.packageManifest && crypto.equal(metadata, MARK);

/**
 * Whoever signed, when they did so about the record of this package.
 * @throws CacheError as {@link verifyRecord}, `ERR_CACHE_AUTH` for what is about something else, `ERR_CACHE_UNKNOWN_KEY` for a proof that a
 * reader could have made
 */
export async function cosignerOf(
  bytes: Uint8Array,
  about: Uint8Array,
  expected: Expected,
  sign: Signer,
): Promise<Cosigner> {
  const { statement, payload, algorithm, keyId, retired } = await verifyRecord(bytes, sign, expected);
  if (!isMarked(statement)) throw new CacheError("ERR_CACHE_FORMAT", "it is no signature of a further key");
  if (payload === undefined || !crypto.equal(payload, crypto.sha256(about)))
    throw new CacheError("ERR_CACHE_AUTH", "it is about another package");
  if (algorithm !== ED25519) throw new CacheError("ERR_CACHE_UNKNOWN_KEY", "it is by no Ed25519 key");
  return { keyId: toHex(keyId), retired };
}

/** What a signature claims to be. Nobody vouches for any of it. */
export interface ClaimedCosignature {
  /** Id of the key that it claims to be by, in hexadecimal. */
  readonly claimedKey: string;
  /** Milliseconds since 1970 UTC; 0 when its maker gave none. */
  readonly created: number;
  /** Milliseconds since 1970 UTC. Absent: never. */
  readonly expires?: number | undefined;
}

/**
 * Whether bytes are what {@link cosignBundle} gives, for whoever keeps files of signatures. Nothing was verified: it counts for nothing.
 * @throws CacheError `ERR_CACHE_FORMAT`, `ERR_CACHE_UNSUPPORTED_VERSION`
 */
export function inspectCosignature(bytes: Uint8Array): ClaimedCosignature {
  const { statement, keyId } = readClaim(bytes);
  if (!isMarked(statement)) throw malformed("signature of a package", "it says that it is something else");
  const { created, expires } = statement;
  return { claimedKey: toHex(keyId), created, expires: expires === 0 ? undefined : expires };
}
