import { basename, dirname, resolve } from "node:path";
import { toHex, utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { encodeRecord, integrityOnly, RecordKind } from "@cache/core/record";
import { ABOUT_MODE, ABOUT_PATH, type About, type Contents, type Note } from "../about/about.ts";
import { checkAgreement } from "../about/agreement.ts";
import { encodeAbout } from "../about/encode.ts";
import { parseAbout } from "../about/parse.ts";
import { freshPath } from "../extract/private-directory.ts";
import { nameBytes } from "../file/trust.ts";
import { encodeManifest, type Member } from "../manifest/manifest.ts";
import { pathOrder } from "../manifest/path.ts";
import { pieceCounter } from "../verify/passes.ts";
import { collect } from "./collect.ts";
import { removeLeftovers } from "./leftovers.ts";
import type { NewMember } from "./new-member.ts";
import { type CreateOptions, checkCreateOptions } from "./options.ts";
import { refuseSecrets } from "./refuse-secrets.ts";
import { Spool, type Spooled } from "./spool.ts";
import { type Compression, storeContent } from "./store-content.ts";
import { requirePlace, writePackage } from "./write-package.ts";

/** A package that was made. */
export interface CreatedBundle {
  /** SHA-256 of the manifest in hexadecimal: the same for the same contents, whoever signs them. */
  readonly digest: string;
  /** How many files and directories are in it. */
  readonly members: number;
  /** Bytes of the file. */
  readonly fileSize: number;
}

/** {@link CreateOptions}, and what the members are if they are no files of their own. */
interface PackageOptions extends CreateOptions {
  readonly contents?: Contents | undefined;
}

/** A member with the place of its bytes, if it has any. */
interface Packed {
  readonly member: Member;
  readonly spooled?: Spooled | undefined;
  readonly note?: Note | undefined;
}

const NO_DIGEST = new Uint8Array(32);
const DEFAULT_MODES = { file: 0o644, directory: 0o755 } as const;

async function pack(spool: Spool, { path, content, mode, purpose }: NewMember, how: Compression): Promise<Packed> {
  const type = content === undefined ? "directory" : "file";
  const fixed = { path, type, mode: mode ?? DEFAULT_MODES[type] } as const;
  const noted = purpose === undefined ? undefined : { path, purpose };
  if (content === undefined) return { member: { ...fixed, size: 0, digest: NO_DIGEST }, note: noted };
  const { spooled, compressed } = await storeContent(spool, content, how);
  const { size, digest } = spooled;
  const note = compressed === undefined ? noted : { path, purpose, compressed };
  return { member: { ...fixed, size, digest }, spooled, note };
}

/** The format's own member among the others, in the order of a manifest. */
async function withAbout(
  spool: Spool,
  packed: readonly Packed[],
  { version, contents, launch }: PackageOptions,
): Promise<Packed[]> {
  const about: About = { version, contents, launch, members: packed.flatMap(({ note }) => note ?? []) };
  const content = encodeAbout(about);
  // What no reader would take is refused here.
  const members = packed.map(({ member }) => member);
  checkAgreement(parseAbout(content), members);
  const own = await pack(spool, { path: ABOUT_PATH, content, mode: ABOUT_MODE }, "none");
  return [...packed, own].sort((a, b) => pathOrder(utf8(a.member.path), utf8(b.member.path)));
}

async function recordOf(manifest: Uint8Array, options: CreateOptions): Promise<Uint8Array> {
  const { name, namespace = "", sign = integrityOnly, created = 0, expires = 0, sequence = 0, writer = "" } = options;
  const facts = { created, expires, sequence, size: manifest.byteLength, digest: crypto.sha256(manifest) };
  const names = { namespace, key: nameBytes(name), writer, metadata: new Uint8Array(0) };
  return await encodeRecord({ kind: RecordKind.packageManifest, ...facts, ...names }, sign, manifest);
}

async function* piecesOf(record: Uint8Array, spool: Spool, packed: readonly Packed[]): AsyncGenerator<Uint8Array> {
  yield record;
  for (const { spooled } of packed) if (spooled !== undefined) yield* spool.stream(spooled);
}

async function make(path: string, members: readonly NewMember[], options: PackageOptions): Promise<CreatedBundle> {
  const beginning = `.${basename(path)}.`;
  await removeLeftovers(dirname(path), beginning);
  const spool = await Spool.open(freshPath(dirname(path), beginning), options.signal);
  try {
    const counted = pieceCounter(options);
    const packed: Packed[] = [];
    for (const member of members) {
      options.signal?.throwIfAborted();
      packed.push(await pack(spool, member, options.compression ?? "none"));
      counted(packed.at(-1)?.member.size ?? 0);
    }
    const all = await withAbout(spool, packed, options);
    const manifest = encodeManifest(all.map(({ member }) => member));
    const record = await recordOf(manifest, options);
    const temporary = freshPath(dirname(path), beginning);
    await writePackage({ path, temporary, signal: options.signal }, piecesOf(record, spool, all));
    const fileSize = all.reduce((sum, { member }) => sum + member.size, record.byteLength);
    return { digest: toHex(crypto.sha256(manifest)), members: members.length, fileSize };
  } finally {
    await spool.remove();
  }
}

/**
 * Makes a package file, which appears whole or not at all. The same members, options and key give the same bytes; with `brotli` as
 * long as the platform's library is the same. A member with a secret key in the clear is refused: a native string of this toolkit or a
 * PEM private key, encrypted or not. What is compressed or encoded otherwise is not looked into.
 * @param path - of the file; a package that is there is replaced, and anything else refused
 * @param members - in any order; {@link directoryMembers} lists those of a directory
 * @throws CacheError `ERR_CACHE_SECRET`, `ERR_CACHE_FORMAT` for what the format does not have, `ERR_CACHE_READ_ONLY` for a signer that only verifies,
 * `ERR_CACHE_UNSAFE_PATH`, `ERR_CACHE_STORE`
 */
export async function createBundle(
  path: string,
  members: AsyncIterable<NewMember> | Iterable<NewMember>,
  options: CreateOptions,
): Promise<CreatedBundle> {
  checkCreateOptions(options);
  return await createPackage(path, refuseSecrets(members, options.withSecrets ?? []), options);
}

/** As {@link createBundle}, with options that were checked, and whatever stands in the members. */
export async function createPackage(
  path: string,
  members: AsyncIterable<NewMember> | Iterable<NewMember>,
  options: PackageOptions,
): Promise<CreatedBundle> {
  nameBytes(options.name);
  const target = resolve(path);
  await requirePlace(target);
  return await make(target, await collect(members, options.signal), options);
}
