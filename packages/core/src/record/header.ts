import { copyOf } from "../bytes/join.ts";
import { CacheError } from "../errors.ts";
import type { ProofHeader } from "../ports/signer.ts";
import { MIN_STATEMENT } from "./statement.ts";

/** Bytes before the statement. */
export const HEADER_LENGTH = 32;

const MAGIC = Uint8Array.of(0x89, 0x43, 0x53, 0x49, 0x47, 0x0d, 0x0a, 0x1a);
const VERSION = 1;

/** Proof lengths in bytes by algorithm: 0 integrity only (SHA-256), 1 HMAC-SHA-256, 2 Ed25519. */
const PROOF_LENGTHS: Readonly<Record<number, number>> = { 0: 32, 1: 32, 2: 64 };

/** The 32 bytes in front of a record (format, "Record"). */
export interface RecordHeader extends ProofHeader {
  /** Length of the statement in bytes. */
  readonly statementLength: number;
  /** Length of the proof in bytes. */
  readonly proofLength: number;
}

const malformed = (why: string): CacheError => new CacheError("ERR_CACHE_FORMAT", `not a record: ${why}`);

export function encodeHeader(proof: ProofHeader, statementLength: number): Uint8Array {
  const out = new Uint8Array(HEADER_LENGTH);
  out.set(MAGIC);
  out[8] = VERSION;
  out[9] = proof.algorithm;
  new DataView(out.buffer).setUint16(10, statementLength);
  out.set(proof.keyId, 16);
  return out;
}

/** @throws CacheError `ERR_CACHE_FORMAT`, `ERR_CACHE_UNSUPPORTED_VERSION` */
export function decodeHeader(bytes: Uint8Array): RecordHeader {
  if (bytes.byteLength < HEADER_LENGTH) throw malformed("it is shorter than its header");
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) throw malformed("its first bytes are others");
  if (bytes[8] !== VERSION) throw new CacheError("ERR_CACHE_UNSUPPORTED_VERSION", "the record is of another version");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const algorithm = view.getUint8(9);
  const proofLength = PROOF_LENGTHS[algorithm];
  if (proofLength === undefined) throw malformed("its algorithm is unknown");
  const statementLength = view.getUint16(10);
  if (statementLength < MIN_STATEMENT) throw malformed("its statement has no such length");
  if (view.getUint32(12) !== 0) throw malformed("reserved bytes are set");
  return { algorithm, keyId: copyOf(bytes, 16, 32), statementLength, proofLength };
}
