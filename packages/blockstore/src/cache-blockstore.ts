import { bytesCodec, type Cache, CacheError } from "@cache/core";
import { checkOptions, notify, parseSize, type Size } from "@cache/core/adapter";
import type { Blockstore, InputPair, Pair } from "interface-blockstore";
import { base32 } from "multiformats/bases/base32";
import { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import * as Digest from "multiformats/hashes/digest";
import { collect, type Input } from "./collect.ts";
import { type Hasher, Hashing } from "./hashing.ts";
import { NotFoundError } from "./not-found-error.ts";

/** Something was stored as a block and is none. What the cache itself refuses is an event of the cache. */
export interface BlockstoreEvent {
  readonly type: "rejected";
  readonly level: "security";
  /** What was asked for. */
  readonly cid: CID;
}

/** What may be said of a blockstore. */
export interface CacheBlockstoreOptions {
  /**
   * The namespace within the cache that blocks lie in: not empty, without `/`.
   * @defaultValue `"blocks"`
   */
  readonly namespace?: string | undefined;
  /**
   * Functions that CIDs may be by, besides SHA-256 and identity, such as `sha512` of `multiformats/hashes/sha2`.
   * @defaultValue none
   */
  readonly hashers?: readonly Hasher[] | undefined;
  /**
   * Longest block that `put` takes; it is held in memory. The cache has a bound of its own, `maxBufferedBytes`.
   * @defaultValue 64 MiB
   */
  readonly maxBlockSize?: Size | undefined;
  /** Hears of content under a CID that it is not of. */
  readonly onEvent?: ((event: BlockstoreEvent) => void) | undefined;
}

interface Options {
  readonly signal?: AbortSignal | undefined;
}

const OPTIONS = ["namespace", "hashers", "maxBlockSize", "onEvent"] as const;

/** Longest multihash that is a key: of a digest that is the block itself nobody has to be told. */
const LONGEST = 2500;

const isTooLong = (cid: CID): boolean => cid.multihash.bytes.length > LONGEST;

/** Several CIDs may be of one block, and differ in what they say is in it. */
const keyOf = (cid: CID): string => base32.encode(cid.multihash.bytes);

class CacheBlockstore implements Blockstore {
  readonly #blocks: Cache<Uint8Array>;
  readonly #hashing: Hashing;
  readonly #limit: number;
  readonly #onEvent: CacheBlockstoreOptions["onEvent"];

  constructor(cache: Cache, { namespace = "blocks", hashers = [], maxBlockSize, onEvent }: CacheBlockstoreOptions) {
    this.#blocks = cache.namespace(namespace, { codec: bytesCodec });
    this.#hashing = new Hashing(hashers);
    this.#limit = parseSize(maxBlockSize ?? 67_108_864);
    this.#onEvent = onEvent;
  }

  async put(cid: CID, input: Input, options: Options = {}): Promise<CID> {
    options.signal?.throwIfAborted();
    if (!this.#hashing.knows(cid.multihash)) {
      throw new TypeError(`no hasher was given for the function 0x${cid.multihash.code.toString(16)} of a CID`);
    }
    if (isTooLong(cid)) throw new TypeError(`a CID is longer than ${LONGEST} bytes`);
    const bytes = await collect(input, this.#limit, options.signal);
    if (!(await this.#hashing.holds(cid.multihash, bytes))) {
      throw new CacheError("ERR_CACHE_AUTH", "the block is not what its CID is of");
    }
    await this.#blocks.set(keyOf(cid), bytes, { signal: options.signal });
    return cid;
  }

  async *putMany(source: Iterable<InputPair> | AsyncIterable<InputPair>, options?: Options): AsyncGenerator<CID> {
    for await (const { cid, bytes } of source) yield await this.put(cid, bytes, options);
  }

  async *get(cid: CID, options?: Options): AsyncGenerator<Uint8Array> {
    const bytes = await this.#find(cid, options);
    if (bytes === undefined) throw new NotFoundError();
    yield bytes;
  }

  async *getMany(source: Iterable<CID> | AsyncIterable<CID>, options?: Options): AsyncGenerator<Pair> {
    for await (const cid of source) {
      options?.signal?.throwIfAborted();
      yield { cid, bytes: this.get(cid, options) };
    }
  }

  async *getAll(options?: Options): AsyncGenerator<Pair> {
    options?.signal?.throwIfAborted();
    for await (const key of this.#blocks.keys({ signal: options?.signal })) {
      const cid = cidOf(key);
      const bytes = cid && (await this.#find(cid, options));
      // What a stranger put among the blocks, or what was deleted meanwhile, keeps nobody from the others.
      if (cid !== undefined && bytes !== undefined) yield { cid, bytes: piecesOf(bytes) };
    }
  }

  async has(cid: CID, options?: Options): Promise<boolean> {
    return (await this.#find(cid, options)) !== undefined;
  }

  async delete(cid: CID, options?: Options): Promise<void> {
    if (!isTooLong(cid)) await this.#blocks.delete(keyOf(cid), { signal: options?.signal });
  }

  async *deleteMany(source: Iterable<CID> | AsyncIterable<CID>, options?: Options): AsyncGenerator<CID> {
    for await (const cid of source) {
      await this.delete(cid, options);
      yield cid;
    }
  }

  /** The block, if it is the one that the CID is of. */
  async #find(cid: CID, options?: Options): Promise<Uint8Array | undefined> {
    options?.signal?.throwIfAborted();
    if (isTooLong(cid)) return undefined;
    const bytes = await this.#blocks.get(keyOf(cid), { signal: options?.signal });
    if (bytes === undefined || (await this.#hashing.holds(cid.multihash, bytes))) return bytes;
    notify(this.#onEvent, { type: "rejected", level: "security", cid });
    return undefined;
  }
}

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** A CID of a block that is known by its multihash alone; `undefined` for a key that is no block's. */
function cidOf(key: string): CID | undefined {
  try {
    return CID.createV1(raw.code, Digest.decode(base32.decode(key)));
  } catch {
    return undefined;
  }
}

/**
 * A blockstore over a cache. A block goes in and comes out only if its CID is of it.
 * @throws TypeError for an option that there is none of, or out of its bounds
 */
export function cacheBlockstore(cache: Cache, options: CacheBlockstoreOptions = {}): Blockstore {
  checkOptions("cacheBlockstore", options, OPTIONS);
  return new CacheBlockstore(cache, options);
}
