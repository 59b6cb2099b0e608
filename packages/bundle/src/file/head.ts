import { CacheError } from "@cache/core/adapter";
import { crypto } from "@cache/core/crypto";
import { RecordKind, readClaim, recordLength, type Statement, verifyRecord } from "@cache/core/record";
import { ABOUT_PATH, type About, MAX_ABOUT, type Note } from "../about/about.ts";
import { checkAgreement, checkReserved } from "../about/agreement.ts";
import { parseAbout } from "../about/parse.ts";
import { demandCosigners } from "../cosign/demand.ts";
import type { Cosigner } from "../cosign/record.ts";
import { malformed } from "../malformed.ts";
import { decodeManifest } from "../manifest/decode.ts";
import { MAX_MANIFEST, type Member } from "../manifest/manifest.ts";
import type { PackageFile } from "./package-file.ts";
import { expectedOf, signerOf, type TrustOptions } from "./trust.ts";

/** Bytes of a record before its statement. */
const RECORD_HEADER = 32;

/** Who stated what, as far as it was asked. */
export interface Origin {
  readonly statement: Statement;
  readonly algorithm: number;
  /** 16 bytes. */
  readonly keyId: Uint8Array;
  /** The proof is by a key that no longer signs. */
  readonly retired: boolean;
}

/** A member, where its stored bytes lie, and what the package says about it. */
export interface PlacedMember extends Member {
  /** Offset in the file, in bytes. */
  readonly at: number;
  readonly note: Note | undefined;
}

/** Everything of a package but the contents of its members. */
export interface Head extends Origin {
  /** The bytes of the record, without the manifest. */
  readonly record: Uint8Array;
  readonly members: readonly PlacedMember[];
  readonly about: About;
  /** The keys beside its own that signed it, where that was demanded. */
  readonly cosigners: readonly Cosigner[];
}

/** The record without its payload, as it lies in the file. */
export async function readRecord(file: PackageFile): Promise<Uint8Array> {
  const length = recordLength(await file.read(0, RECORD_HEADER));
  return await file.read(0, length);
}

/** Whether a record is that of a package. A cosignature is a record of this kind, too, and none. */
export function isPackageRecord({ kind, metadata }: Statement): boolean {
  return kind === RecordKind.packageManifest && metadata.byteLength === 0;
}

/** @throws CacheError `ERR_CACHE_AUTH` for another manifest than the one stated, `ERR_CACHE_LIMIT` */
async function readManifest(file: PackageFile, { size, digest }: Statement, at: number): Promise<Member[]> {
  // Before as many bytes are asked for.
  if (size > MAX_MANIFEST) throw new CacheError("ERR_CACHE_LIMIT", "the manifest of the package is too large");
  const bytes = await file.read(at, size);
  if (!crypto.equal(crypto.sha256(bytes), digest))
    throw new CacheError("ERR_CACHE_AUTH", "the manifest of the package is not the one it states");
  return decodeManifest(bytes);
}

/** Whatever the members take is there, and nothing behind it. @throws CacheError `ERR_CACHE_FORMAT` */
function checkLength(file: PackageFile, members: readonly Member[], from: number): void {
  const end = members.reduce((at, { size }) => at + size, from);
  if (end !== file.size) throw malformed("package", end < file.size ? "bytes are left over" : "it ends early");
}

/** What the package says about itself; a package without that says nothing. */
async function readAbout(file: PackageFile, members: readonly Member[], from: number): Promise<About> {
  const index = members.findIndex(({ path }) => path === ABOUT_PATH);
  const member = members[index];
  if (member === undefined) return { members: [] };
  if (member.size > MAX_ABOUT) throw new CacheError("ERR_CACHE_LIMIT", "the description of the package is too large");
  const at = members.slice(0, index).reduce((sum, { size }) => sum + size, from);
  const bytes = await file.read(at, member.size);
  if (!crypto.equal(crypto.sha256(bytes), member.digest))
    throw new CacheError("ERR_CACHE_AUTH", "a member of the package is not the one it states");
  return parseAbout(bytes);
}

function placed(members: readonly Member[], { members: notes }: About, from: number): PlacedMember[] {
  const byPath = new Map(notes.map((note) => [note.path, note]));
  let at = from;
  return members.map((member) => {
    const here = { ...member, at, note: byPath.get(member.path) };
    at += member.size;
    return here;
  });
}

async function readBody(
  file: PackageFile,
  record: Uint8Array,
  origin: Origin,
  cosigners: readonly Cosigner[] = [],
): Promise<Head> {
  if (!isPackageRecord(origin.statement))
    throw new CacheError("ERR_CACHE_AUTH", "the record is signed as something other than a package");
  const manifestAt = record.byteLength;
  const members = await readManifest(file, origin.statement, manifestAt);
  const from = manifestAt + origin.statement.size;
  checkLength(file, members, from);
  checkReserved(members);
  const about = await readAbout(file, members, from);
  checkAgreement(about, members);
  return { ...origin, record, about, cosigners, members: placed(members, about, from) };
}

/**
 * Reads everything but the contents of members, and believes nothing before the proof holds: record, proof, name, times, manifest
 * and its digest, length of the file, description and its digest.
 * @throws CacheError `ERR_CACHE_FORMAT` and the others of {@link verifyRecord}
 */
export async function readHead(file: PackageFile, options: TrustOptions): Promise<Head> {
  const expected = expectedOf(options);
  const record = await readRecord(file);
  const { statement, algorithm, keyId, retired } = await verifyRecord(record, signerOf(options), expected);
  const origin = { statement, algorithm, keyId, retired };
  return await readBody(file, record, origin, await demandCosigners(record, origin, options));
}

/** As {@link readHead}, of somebody who asks nobody whether the proof holds: what a package claims. */
export async function readClaimedHead(file: PackageFile): Promise<Head> {
  const record = await readRecord(file);
  return await readBody(file, record, { ...readClaim(record), retired: false });
}
