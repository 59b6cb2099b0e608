import { type Cache, CacheError, type CacheErrorCode, type CallOptions } from "@cache/core";
import { publishFile } from "@cache/core/adapter";
import { type DeltaReport, type DeltaStats, recordsIn, statsOf, verifyVersions } from "./care.ts";
import { readSized, refusalOf, rejected } from "./contents.ts";
import { type DeltaStoreOptions, type Settings, settle } from "./options.ts";
import { putVersion } from "./put.ts";
import { openVersion } from "./rebuild.ts";
import type { StoredDelta, VersionRecord } from "./record.ts";
import type { Content } from "./source.ts";

/** A version as it is kept. */
export interface DeltaVersion {
  readonly name: string;
  /** SHA-256 of the version in hexadecimal. */
  readonly digest: string;
  /** Bytes of the version. */
  readonly size: number;
  /** Absent: it is kept whole. */
  readonly delta?: StoredDelta | undefined;
}

/** Everything that is known of a name. */
export type DeltaLookup<T> =
  | { readonly state: "hit"; readonly value: T; readonly version: DeltaVersion }
  /** There is none, it has expired, or something it needs is lost. */
  | { readonly state: "miss" }
  | { readonly state: "rejected"; readonly code: CacheErrorCode; readonly error: CacheError };

/**
 * Versions of large files in a cache, each as a delta to another where that is smaller. A version is named by text of 1 to 4096
 * bytes; names that are equal up to the last slash are a group, whose versions are expected to resemble each other.
 *
 * What is lost or not to be believed is a miss and an event. A delta whose engine was not given throws `ERR_CACHE_ENGINE`, a
 * store that fails `ERR_CACHE_STORE`.
 */
export interface DeltaStore {
  /**
   * Stores a version, in place of what had its name. A file is read at least twice, and never as a whole into memory.
   * @param content - bytes, or the path of a file
   * @throws TypeError for what is no file, or changes while it is read
   */
  put(name: string, content: Content, options?: CallOptions): Promise<DeltaVersion>;
  /** The version, verified by its digest. @throws CacheError `ERR_CACHE_LIMIT` for one larger than `maxBufferedBytes` */
  get(name: string, options?: CallOptions): Promise<Uint8Array | undefined>;
  /** The version and how it is kept, or why there is none. Throws as `get` does. */
  lookup(name: string, options?: CallOptions): Promise<DeltaLookup<Uint8Array>>;
  /**
   * As `lookup`, piece by piece. The pieces are verified by the whole: do not act on them before the iteration ended. It ends
   * cleanly only if everything holds, and throws the refusal otherwise.
   */
  open(name: string, options?: CallOptions): Promise<DeltaLookup<AsyncIterable<Uint8Array>>>;
  /** Publishes the version at a path: the file appears whole and verified or not at all. False for a miss. */
  toFile(name: string, path: string, options?: CallOptions): Promise<boolean>;
  /** The versions whose names begin with the prefix, in no order. Everything stored in the cache is looked at. */
  list(prefix?: string, options?: CallOptions): AsyncIterable<DeltaVersion>;
  /** Adds up how versions are kept. */
  stats(options?: CallOptions): Promise<DeltaStats>;
  /** Rebuilds every version and says which cannot be. */
  verify(options?: CallOptions): Promise<DeltaReport>;
  /** Removes a version. What only it needed goes with a collection of the cache; what others need stays. */
  delete(name: string, options?: CallOptions): Promise<void>;
}

const versionOf = (name: string, { digest, size, delta }: VersionRecord): DeltaVersion => ({
  ...{ name, digest, size },
  ...(delta === undefined ? {} : { delta }),
});

/** A refusal as an answer. */
const refused = (error: CacheError) => ({ state: "rejected", code: error.code, error }) as const;

async function open(
  settings: Settings,
  name: string,
  signal?: AbortSignal,
): Promise<DeltaLookup<AsyncIterable<Uint8Array>>> {
  const found = await settings.versions.lookup(name, { signal });
  if (found.state === "rejected") {
    settings.tell(rejected(found.error, "version"));
    return refused(found.error);
  }
  if (found.state !== "hit") return { state: "miss" };
  const opened = await openVersion(settings, found.value, signal);
  if (opened.found === undefined) return opened.refusal === undefined ? { state: "miss" } : refused(opened.refusal);
  return { state: "hit", value: opened.found, version: versionOf(name, found.value) };
}

/** Opens a version and reads it to its end; what is found out on the way is an answer as well. */
async function read<T>(
  settings: Settings,
  name: string,
  signal: AbortSignal | undefined,
  use: (pieces: AsyncIterable<Uint8Array>, version: DeltaVersion) => Promise<T>,
): Promise<DeltaLookup<T>> {
  const opened = await open(settings, name, signal);
  if (opened.state !== "hit") return opened;
  const { value, version } = opened;
  try {
    return { state: "hit", value: await use(value, version), version };
  } catch (error) {
    return refused(refusalOf(error));
  }
}

/**
 * Keeps versions of large files in a cache, with the cache's store, seal and signatures, in a namespace of their own. Does no I/O.
 * @throws TypeError for an option out of its bounds
 */
export function deltaStore(cache: Cache, options: DeltaStoreOptions = {}): DeltaStore {
  const settings = settle(cache, options);
  const lookup = (name: string, signal?: AbortSignal) =>
    read(settings, name, signal, (pieces, { size }) => {
      if (size <= settings.maxBufferedBytes) return readSized(pieces, size);
      throw new CacheError("ERR_CACHE_LIMIT", "the version is larger than maxBufferedBytes; use open or toFile");
    });
  return {
    put: async (name, content, { signal } = {}) => versionOf(name, await putVersion(settings, name, content, signal)),
    async get(name, { signal } = {}) {
      const found = await lookup(name, signal);
      return found.state === "hit" ? found.value : undefined;
    },
    lookup: (name, { signal } = {}) => lookup(name, signal),
    open: (name, { signal } = {}) => open(settings, name, signal),
    async toFile(name, path, { signal } = {}) {
      if (typeof path !== "string" || path === "") throw new TypeError("toFile needs a path");
      const found = await read(settings, name, signal, (pieces) => publishFile(path, pieces));
      return found.state === "hit";
    },
    async *list(prefix = "", { signal } = {}) {
      for await (const [name, record] of recordsIn(settings, prefix, signal)) yield versionOf(name, record);
    },
    stats: ({ signal } = {}) => statsOf(settings, signal),
    verify: ({ signal } = {}) => verifyVersions(settings, signal),
    delete: (name, callOptions) => settings.versions.delete(name, callOptions),
  };
}
