import type { GetOptions, RangeOptions, Store } from "@cache/core";
import { CacheError, type CallOptions, type Kind, type Listed, type Name, type Stat } from "@cache/core/adapter";
import { toHex } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { isReserved } from "../about/agreement.ts";
import { storedBytes } from "../file/contents.ts";
import type { Head, PlacedMember } from "../file/head.ts";
import type { PackageFile } from "../file/package-file.ts";

async function refuse(): Promise<never> {
  throw new CacheError("ERR_CACHE_READ_ONLY", "a package is only read");
}

/**
 * The members of a package as a store that only reads. Each is digested whenever it is read, against the manifest that was verified,
 * from the one descriptor that was open then; whoever reads bytes that have changed since gets a failure.
 */
export class PackageStore implements Store {
  readonly put: typeof refuse = refuse;
  readonly putStream: typeof refuse = refuse;
  readonly delete: typeof refuse = refuse;
  readonly #file: PackageFile;
  readonly #members: ReadonlyMap<string, PlacedMember>;
  readonly #modified: number;

  /** @param head - of entries; verified, as are the stored bytes */
  constructor(file: PackageFile, { members, statement }: Head) {
    this.#file = file;
    this.#members = new Map(members.flatMap((each) => (isReserved(each.path) ? [] : [[each.path, each]])));
    this.#modified = statement.created;
  }

  async get(name: Name, { limit, signal }: GetOptions = {}): Promise<Uint8Array | undefined> {
    signal?.throwIfAborted();
    const member = this.#members.get(name);
    if (member === undefined) return undefined;
    const { at, size, digest } = member;
    if (limit !== undefined && size > limit) throw new CacheError("ERR_CACHE_LIMIT", "a member is above the limit");
    const bytes = await this.#file.read(at, size);
    if (!crypto.equal(crypto.sha256(bytes), digest))
      throw new CacheError("ERR_CACHE_AUTH", "a member of the package is not the one it states");
    return bytes;
  }

  async open(name: Name, options: RangeOptions = {}): Promise<AsyncIterable<Uint8Array> | undefined> {
    options.signal?.throwIfAborted();
    const member = this.#members.get(name);
    return member && part(storedBytes(this.#file, member, options.signal), options);
  }

  async stat(name: Name, { signal }: CallOptions = {}): Promise<Stat | undefined> {
    signal?.throwIfAborted();
    const member = this.#members.get(name);
    return member && { size: member.size, modified: this.#modified, version: toHex(member.digest) };
  }

  async *list(kind: Kind, { signal }: CallOptions = {}): AsyncGenerator<Listed> {
    for (const { path, size } of this.#members.values()) {
      signal?.throwIfAborted();
      if (path.startsWith(`${kind}/`)) yield { name: path as Name, size, modified: this.#modified };
    }
  }
}

/** A range of pieces, which are all taken: only at their end it is known whether they are the stated ones. */
async function* part(
  pieces: AsyncIterable<Uint8Array>,
  { start = 0, end = Number.POSITIVE_INFINITY }: RangeOptions,
): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const piece of pieces) {
    const wanted = piece.subarray(Math.max(0, start - at), Math.max(0, end - at));
    at += piece.byteLength;
    if (wanted.byteLength > 0) yield wanted;
  }
}
