import { copyOf } from "../bytes/join.ts";
import { pae } from "../bytes/pae.ts";
import { CacheError } from "../errors.ts";
import type { Signer, Verdict } from "../ports/signer.ts";
import { decodeHeader, HEADER_LENGTH, type RecordHeader } from "./header.ts";
import { decodeStatement, type Statement } from "./statement.ts";

const LABEL = "cache/v1/signed-entry";

/** The bytes that a proof is over. */
export function signedBytes(header: Uint8Array, statement: Uint8Array): Uint8Array {
  return pae(LABEL, header, statement);
}

/** A record cut into its parts; nothing of it is believed yet. They are views of the record. */
interface Parts {
  readonly header: RecordHeader;
  /** All of it before the payload. */
  readonly front: Uint8Array;
  readonly body: Uint8Array;
}

/** @throws CacheError `ERR_CACHE_FORMAT`, `ERR_CACHE_UNSUPPORTED_VERSION` */
export function cutRecord(record: Uint8Array): Parts {
  const header = decodeHeader(record);
  const bodyEnd = HEADER_LENGTH + header.statementLength;
  const proofEnd = bodyEnd + header.proofLength;
  if (record.byteLength < proofEnd) throw new CacheError("ERR_CACHE_FORMAT", "not a record: it ends early");
  return { header, front: record.subarray(0, proofEnd), body: record.subarray(HEADER_LENGTH, bodyEnd) };
}

const REFUSALS = {
  "unknown-key": ["ERR_CACHE_UNKNOWN_KEY", "the record is not by a key this reader believes"],
  "revoked-key": ["ERR_CACHE_REVOKED_KEY", "the record is by a revoked key"],
  invalid: ["ERR_CACHE_AUTH", "the record's proof does not hold"],
} as const;

/** @throws CacheError `ERR_CACHE_UNKNOWN_KEY`, `ERR_CACHE_REVOKED_KEY`, `ERR_CACHE_AUTH` */
export function requireValid(verdict: Verdict): { readonly retired: boolean } {
  if (verdict.verdict === "valid") return verdict;
  const [code, message] = REFUSALS[verdict.verdict];
  throw new CacheError(code, message);
}

/** A record whose proof holds; whether it is what somebody asked for is another question. */
export interface ProvenRecord {
  readonly statement: Statement;
  readonly algorithm: number;
  /** 16 bytes. */
  readonly keyId: Uint8Array;
  /** The proof is by a key that no longer signs. */
  readonly retired: boolean;
  /** All of the record before its payload, on a buffer of its own. */
  readonly front: Uint8Array;
}

/**
 * The first half of format, "Verification": bounds, key, proof, and only then the statement.
 * @throws CacheError `ERR_CACHE_FORMAT`, `ERR_CACHE_UNSUPPORTED_VERSION`, `ERR_CACHE_UNKNOWN_KEY`, `ERR_CACHE_REVOKED_KEY`,
 * `ERR_CACHE_AUTH`
 */
export async function proveRecord(record: Uint8Array, signer: Signer): Promise<ProvenRecord> {
  const { header, front: found, body: claimed } = cutRecord(record);
  // A copy: while a signer takes its time, or later, a store may use its buffer again.
  const front = copyOf(found, 0, found.byteLength);
  const bodyEnd = HEADER_LENGTH + claimed.byteLength;
  const body = front.subarray(HEADER_LENGTH, bodyEnd);
  const signed = signedBytes(front.subarray(0, HEADER_LENGTH), body);
  const { retired } = requireValid(await signer.verify(header, signed, front.subarray(bodyEnd)));
  const { algorithm, keyId } = header;
  return { statement: decodeStatement(body), algorithm, keyId, retired, front };
}
