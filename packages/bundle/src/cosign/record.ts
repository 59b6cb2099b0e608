import type { Signer } from "@cache/core";
import { utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { type Expected, encodeRecord, RecordKind, type Statement, verifyRecord } from "@cache/core/record";

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

/**
 * The id of the key that signed, when it did so about the record of this package; `undefined` when about something else.
 * @throws CacheError as {@link verifyRecord}
 */
export async function cosignerOf(
  bytes: Uint8Array,
  about: Uint8Array,
  expected: Expected,
  sign: Signer,
): Promise<Uint8Array | undefined> {
  const { statement, payload, algorithm, keyId } = await verifyRecord(bytes, sign, expected);
  const isOne = statement.kind === RecordKind.packageManifest && crypto.equal(statement.metadata, MARK);
  const isAboutIt = payload !== undefined && crypto.equal(payload, crypto.sha256(about));
  return isOne && isAboutIt && algorithm === ED25519 ? keyId : undefined;
}
