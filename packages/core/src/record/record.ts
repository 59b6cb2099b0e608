import { crypto } from "#platform";
import { concat } from "../bytes/join.ts";
import { CacheError } from "../errors.ts";
import type { Signer, SigningIdentity } from "../ports/signer.ts";
import { decodeHeader, encodeHeader, HEADER_LENGTH } from "./header.ts";
import { cutRecord, type ProvenRecord, proveRecord, signedBytes } from "./proof.ts";
import { decodeStatement, encodeStatement, type Statement } from "./statement.ts";
import { checkTime } from "./time.ts";

/** What the caller asked for. There is no verification without it. */
export interface Expected {
  readonly namespace: string;
  /** 1 to 4096 bytes. */
  readonly key: Uint8Array;
  /** Milliseconds since 1970 UTC; one for the whole operation. */
  readonly now: number;
  /**
   * Milliseconds past its expiry for which the caller takes a record all the same.
   * @defaultValue 0
   */
  readonly late?: number | undefined;
}

/** A record whose proof, name, namespace and times hold. */
export interface VerifiedRecord {
  readonly statement: Statement;
  /** The payload, its digest checked; absent when it lives elsewhere, under {@link Statement.digest}. */
  readonly payload?: Uint8Array | undefined;
  readonly algorithm: number;
  /** 16 bytes. */
  readonly keyId: Uint8Array;
  /** The proof is by a key that no longer signs. */
  readonly retired: boolean;
}

function identityOf(signer: Signer): SigningIdentity {
  if (signer.identity === undefined) {
    throw new CacheError("ERR_CACHE_READ_ONLY", "this signer has no identity: it verifies and cannot sign");
  }
  return signer.identity;
}

/**
 * A signed record (format, "Record"): header, statement, proof and, when attached, the payload.
 * @param payload - the bytes whose size and digest the statement states; left out when they are kept elsewhere
 * @throws CacheError `ERR_CACHE_READ_ONLY` for a signer that only verifies, `ERR_CACHE_FORMAT` for a field out of bounds
 */
export async function encodeRecord(statement: Statement, signer: Signer, payload?: Uint8Array): Promise<Uint8Array> {
  const body = encodeStatement(statement);
  const header = encodeHeader(identityOf(signer), body.byteLength);
  const proof = await signer.sign(signedBytes(header, body));
  return payload === undefined ? concat(header, body, proof) : concat(header, body, proof, payload);
}

function checkBinding(statement: Statement, { namespace, key }: Expected): void {
  const same = statement.namespace === namespace && crypto.equal(statement.key, key);
  if (!same) throw new CacheError("ERR_CACHE_AUTH", "the record was written for another name");
}

function checkPayload(statement: Statement, payload: Uint8Array): Uint8Array | undefined {
  if (payload.byteLength === 0 && statement.size > 0) return undefined;
  const holds = payload.byteLength === statement.size && crypto.equal(crypto.sha256(payload), statement.digest);
  if (!holds) throw new CacheError("ERR_CACHE_AUTH", "the record's payload is not the one it states");
  return new Uint8Array(payload);
}

/**
 * How many bytes a record takes without its payload, as its first 32 say it; what follows them is the payload, if it is attached.
 * For readers that fetch a record in pieces; nothing of it is believed yet.
 * @throws CacheError `ERR_CACHE_FORMAT`, `ERR_CACHE_UNSUPPORTED_VERSION`
 */
export function recordLength(header: Uint8Array): number {
  const { statementLength, proofLength } = decodeHeader(header);
  return HEADER_LENGTH + statementLength + proofLength;
}

/**
 * Verifies in the order of format, "Verification": bounds, key, proof, and only then the statement, its name and times,
 * and last the payload.
 * @throws CacheError `ERR_CACHE_FORMAT`, `ERR_CACHE_UNSUPPORTED_VERSION`, `ERR_CACHE_UNKNOWN_KEY`, `ERR_CACHE_REVOKED_KEY`,
 * `ERR_CACHE_AUTH`, `ERR_CACHE_EXPIRED`, `ERR_CACHE_NOT_YET_VALID`
 */
export async function verifyRecord(record: Uint8Array, signer: Signer, expected: Expected): Promise<VerifiedRecord> {
  if (typeof expected?.namespace !== "string" || !(expected.key instanceof Uint8Array)) {
    throw new TypeError("verifyRecord needs the namespace and the key that the caller asked for");
  }
  return matchRecord(await proveRecord(record, signer), record, expected);
}

/**
 * The second half of {@link verifyRecord}: that a proven record is the one that was asked for, now, with its payload.
 * @throws CacheError `ERR_CACHE_AUTH`, `ERR_CACHE_EXPIRED`, `ERR_CACHE_NOT_YET_VALID`
 */
export function matchRecord(proven: ProvenRecord, record: Uint8Array, expected: Expected): VerifiedRecord {
  const { statement, algorithm, keyId, retired, front } = proven;
  checkBinding(statement, expected);
  checkTime(statement, expected.now, expected.late);
  return { statement, payload: checkPayload(statement, record.subarray(front.byteLength)), algorithm, keyId, retired };
}

/**
 * What a record claims, with nothing verified: for listings that say so, and for marking what must not be collected.
 * @throws CacheError `ERR_CACHE_FORMAT`, `ERR_CACHE_UNSUPPORTED_VERSION`
 */
export function readClaim(record: Uint8Array): { statement: Statement; algorithm: number; keyId: Uint8Array } {
  const { header, body } = cutRecord(record);
  return { statement: decodeStatement(body), algorithm: header.algorithm, keyId: header.keyId };
}
