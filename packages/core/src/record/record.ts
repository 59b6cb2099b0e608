import { crypto } from "#platform";
import { concat } from "../bytes/join.ts";
import { pae } from "../bytes/pae.ts";
import { utf8 } from "../bytes/text.ts";
import { CacheError } from "../errors.ts";
import type { Signer, SigningIdentity, Verdict } from "../ports/signer.ts";
import { decodeHeader, encodeHeader, HEADER_LENGTH, type RecordHeader } from "./header.ts";
import { decodeStatement, encodeStatement, type Statement } from "./statement.ts";
import { checkTime } from "./time.ts";

const LABEL = "cache/v1/signed-entry";

/** What the caller asked for. There is no verification without it. */
export interface Expected {
  readonly namespace: string;
  /** 1 to 4096 bytes. */
  readonly key: Uint8Array;
  /** Milliseconds since 1970 UTC; one for the whole operation. */
  readonly now: number;
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
  const proof = await signer.sign(pae(LABEL, header, body));
  return payload === undefined ? concat(header, body, proof) : concat(header, body, proof, payload);
}

/** A record cut into its parts; nothing of it is believed yet. */
interface Parts {
  readonly header: RecordHeader;
  readonly signed: Uint8Array;
  readonly body: Uint8Array;
  readonly proof: Uint8Array;
  readonly payload: Uint8Array;
}

function cut(record: Uint8Array): Parts {
  const header = decodeHeader(record);
  const bodyEnd = HEADER_LENGTH + header.statementLength;
  const proofEnd = bodyEnd + header.proofLength;
  if (record.byteLength < proofEnd) throw new CacheError("ERR_CACHE_FORMAT", "not a record: it ends early");
  const body = record.subarray(HEADER_LENGTH, bodyEnd);
  return {
    header,
    signed: pae(LABEL, record.subarray(0, HEADER_LENGTH), body),
    body,
    proof: record.subarray(bodyEnd, proofEnd),
    payload: record.subarray(proofEnd),
  };
}

const REFUSALS = {
  "unknown-key": ["ERR_CACHE_UNKNOWN_KEY", "the record is not by a key this reader believes"],
  "revoked-key": ["ERR_CACHE_REVOKED_KEY", "the record is by a revoked key"],
  invalid: ["ERR_CACHE_AUTH", "the record's proof does not hold"],
} as const;

function requireValid(verdict: Verdict): { retired: boolean } {
  if (verdict.verdict === "valid") return verdict;
  const [code, message] = REFUSALS[verdict.verdict];
  throw new CacheError(code, message);
}

function checkBinding(statement: Statement, expected: Expected): void {
  const same =
    crypto.equal(utf8(statement.namespace), utf8(expected.namespace)) && crypto.equal(statement.key, expected.key);
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
  const { header, signed, body, proof, payload } = cut(record);
  const { retired } = requireValid(await signer.verify(header, signed, proof));
  const statement = decodeStatement(body);
  checkBinding(statement, expected);
  checkTime(statement, expected.now);
  const { algorithm, keyId } = header;
  return { statement, payload: checkPayload(statement, payload), algorithm, keyId, retired };
}

/**
 * What a record claims, with nothing verified: for listings that say so, and for marking what must not be collected.
 * @throws CacheError `ERR_CACHE_FORMAT`, `ERR_CACHE_UNSUPPORTED_VERSION`
 */
export function readClaim(record: Uint8Array): { statement: Statement; algorithm: number; keyId: Uint8Array } {
  const { header, body } = cut(record);
  return { statement: decodeStatement(body), algorithm: header.algorithm, keyId: header.keyId };
}
