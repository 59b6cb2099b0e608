import { publishFile } from "#host";
import { crypto } from "#platform";
import { fromLowerHex, toHex } from "../bytes/hex.ts";
import { loadContent, putContent, putContentStream } from "../content/content.ts";
import type { StoredContent } from "../content/form.ts";
import { isCacheError } from "../errors.ts";
import type { CallOptions, RangeOptions } from "../ports/store.ts";
import { BlobReads, drain } from "./blob-reads.ts";
import { deleteAllNoted, leaveNote } from "./catalog.ts";
import type { Settings } from "./options.ts";
import type { UnderWay } from "./under-way.ts";
import { isDamage } from "./verdicts.ts";
import { requireWriter } from "./writing.ts";

/** Content by its SHA-256. A digest is 64 lower-case hexadecimal digits. */
export interface Blobs {
  /** Stores bytes or a stream of any length once, in bounded memory. @returns the digest */
  put(content: Uint8Array | AsyncIterable<Uint8Array>, options?: CallOptions): Promise<string>;
  /**
   * All of it, verified. Absent or not to be believed: `undefined`.
   * @throws CacheError `ERR_CACHE_LIMIT` for content larger than `maxBufferedBytes`
   */
  get(digest: string, options?: CallOptions): Promise<Uint8Array | undefined>;
  /** Whether it is there and holds, however long it is: it is read and verified, in bounded memory. */
  has(digest: string, options?: CallOptions): Promise<boolean>;
  /** Removes the content, whatever entries name it. */
  delete(digest: string, options?: CallOptions): Promise<void>;
  /**
   * Piece by piece. Sealed pieces were authenticated one by one; unsealed ones are verified by the whole, so do not act on
   * them before the iteration ended. It ends cleanly only if everything holds, and throws `ERR_CACHE_AUTH` otherwise.
   */
  open(digest: string, options?: RangeOptions): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Publishes verified bytes at a path: the file appears whole or not at all. False when absent or not to be believed. */
  toFile(digest: string, path: string, options?: CallOptions): Promise<boolean>;
}

function digestBytes(digest: string): Uint8Array {
  const bytes = fromLowerHex(digest, 32);
  if (bytes === undefined) throw new TypeError("a digest is 64 lower-case hexadecimal digits");
  return bytes;
}

/** The content side of a cache. */
export function blobsOf(settings: Settings, underWay: UnderWay): Blobs {
  const reads = new BlobReads(settings);
  const { form } = reads;
  const { maxBufferedBytes } = settings;

  /** Every call passes here first. */
  function bytesOf(digest: string): Uint8Array {
    underWay.requireOpen();
    return digestBytes(digest);
  }

  async function open(digest: string, options?: RangeOptions): Promise<AsyncIterable<Uint8Array> | undefined> {
    const bytes = bytesOf(digest);
    checkRange(options);
    const call = { orMiss: true, ...options };
    return reads.find(bytes, call, async (name) => {
      const pieces = await form.open(name, bytes, call);
      return pieces && reads.guarded(name, bytes, pieces);
    });
  }

  return {
    open,
    async put(content, options) {
      underWay.requireOpen();
      requireWriter(settings);
      return underWay.track(putBlob(settings, reads, content, { orMiss: true, ...options }));
    },
    async get(digest, options) {
      const bytes = bytesOf(digest);
      const call = { orMiss: true, ...options };
      return reads.find(bytes, call, (name) => loadContent(settings, form, name, bytes, maxBufferedBytes, call));
    },
    async has(digest, options) {
      const bytes = bytesOf(digest);
      const call = { orMiss: true, ...options };
      const found = await reads.find(bytes, call, async (name) => {
        const pieces = await form.open(name, bytes, { signal: call.signal, orMiss: call.orMiss });
        return pieces && drain(pieces);
      });
      return found === true;
    },
    async delete(digest, options) {
      requireWriter(settings);
      await underWay.track(deleteBlob(settings, reads, bytesOf(digest), options));
    },
    async toFile(digest, path, options) {
      bytesOf(digest);
      if (typeof path !== "string" || path === "") throw new TypeError("toFile needs a path");
      return underWay.track(publishBlob(settings, path, open(digest, { signal: options?.signal })));
    },
  };
}

/** @throws TypeError for a bound that is no offset */
function checkRange({ start = 0, end = Number.POSITIVE_INFINITY }: RangeOptions = {}): void {
  for (const bound of [start, end]) {
    if (!(Number.isSafeInteger(bound) || bound === Number.POSITIVE_INFINITY) || bound < 0) {
      throw new TypeError("a range has whole offsets from 0 on");
    }
  }
}

async function putBlob(
  settings: Settings,
  reads: BlobReads,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  options?: CallOptions,
): Promise<string> {
  const { digest, name } =
    content instanceof Uint8Array
      ? await putBytes(settings, content, options)
      : await putContentStream(settings, requireStream(content), options);
  await leaveNote(settings, name, { namespace: settings.namespace, kind: "blobs", key: digest }, options);
  reads.tell("set", name);
  return toHex(digest);
}

/** A copy, taken now: the digest is of these bytes, and the caller may use its buffer again while they are stored. */
function putBytes(settings: Settings, content: Uint8Array, options?: CallOptions): Promise<StoredContent> {
  const own = new Uint8Array(content);
  return putContent(settings, own, crypto.sha256(own), options);
}

async function deleteBlob(
  settings: Settings,
  reads: BlobReads,
  digest: Uint8Array,
  options?: CallOptions,
): Promise<void> {
  const names = reads.form.names(digest);
  await deleteAllNoted(settings, names, options);
  reads.tell("delete", names[0]);
}

async function publishBlob(
  { strict }: Settings,
  path: string,
  opening: Promise<AsyncIterable<Uint8Array> | undefined>,
): Promise<boolean> {
  const pieces = await opening;
  if (pieces === undefined) return false;
  try {
    await publishFile(path, pieces);
    return true;
  } catch (error) {
    await letGo(pieces);
    if (!strict && isCacheError(error) && isDamage(error)) return false;
    throw error;
  }
}

/** Ends an iteration that may not have begun: what it holds open it lets go of only if it did. */
async function letGo(pieces: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const _ of pieces) break;
  } catch {
    // What failed has let go by itself, and the caller hears of what came first.
  }
}

function requireStream(content: unknown): AsyncIterable<Uint8Array> {
  const stream = content as AsyncIterable<Uint8Array> | undefined;
  if (typeof stream?.[Symbol.asyncIterator] !== "function") {
    throw new TypeError("content is a Uint8Array or an async iterable of them, such as a stream");
  }
  return stream;
}
