import { publishFile } from "#host";
import { fromHex, toHex } from "../bytes/hex.ts";
import { formOf, loadContent, putContent, putContentStream } from "../content/content.ts";
import { type CacheError, isCacheError } from "../errors.ts";
import type { CallOptions, Name, RangeOptions } from "../ports/store.ts";
import { leaveNote } from "./catalog.ts";
import { shortId } from "./names.ts";
import type { Settings } from "./options.ts";
import { setAside } from "./set-aside.ts";
import { isDamage, refusalOf } from "./verdicts.ts";

/** Content by its SHA-256. A digest is 64 lower-case hexadecimal digits. */
export interface Blobs {
  /** Stores bytes or a stream of any length once, in bounded memory. @returns the digest */
  put(content: Uint8Array | AsyncIterable<Uint8Array>, options?: CallOptions): Promise<string>;
  /**
   * All of it, verified. Absent or not to be believed: `undefined`.
   * @throws CacheError `ERR_CACHE_LIMIT` for content larger than `maxBufferedBytes`
   */
  get(digest: string, options?: CallOptions): Promise<Uint8Array | undefined>;
  /** Whether `get` would answer now; it reads and verifies the content, in bounded memory. */
  has(digest: string, options?: CallOptions): Promise<boolean>;
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
  const bytes = /^[0-9a-f]{64}$/.test(digest) ? fromHex(digest) : undefined;
  if (bytes === undefined) throw new TypeError("a digest is 64 lower-case hexadecimal digits");
  return bytes;
}

async function drain(pieces: AsyncIterable<Uint8Array>): Promise<true> {
  for await (const _ of pieces) {
    // Reading to the end is the verification.
  }
  return true;
}

/** The content side of a cache. */
export function blobsOf(settings: Settings): Blobs {
  const form = formOf(settings);
  const { seal, store, namespace, emit, now, strict } = settings;

  const tell = (type: "hit" | "miss" | "set" | "delete", name: Name) =>
    emit({ type, level: "info", namespace, plane: "blobs", id: shortId(name), time: now() });

  /** Reports a refusal and sets damage aside; throws it when strict. */
  async function refuse(name: Name, digest: Uint8Array, refusal: CacheError, options?: CallOptions): Promise<void> {
    const event = { namespace, plane: "blobs", id: shortId(name), time: now() } as const;
    emit({ type: "rejected", level: "security", code: refusal.code, ...event });
    const again = async () => {
      const pieces = await form.open(name, digest, options);
      return pieces && drain(pieces);
    };
    await setAside(settings, name, refusal, again, options);
    if (strict && isDamage(refusal)) throw refusal;
  }

  /** The first name under which `read` finds something to believe. */
  async function find<T>(
    digest: Uint8Array,
    options: CallOptions | undefined,
    read: (name: Name) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const names = form.names(digest);
    for (const name of names) {
      try {
        const found = await read(name);
        if (found === undefined) continue;
        tell("hit", name);
        return found;
      } catch (error) {
        if (isCacheError(error, "ERR_CACHE_LIMIT")) throw error;
        await refuse(name, digest, refusalOf(error), options);
      }
    }
    tell("miss", names[0]);
    return undefined;
  }

  /** Hands the pieces on; damage met on the way is reported and set aside before it is thrown. */
  async function* guarded(
    name: Name,
    digest: Uint8Array,
    pieces: AsyncIterable<Uint8Array>,
  ): AsyncGenerator<Uint8Array> {
    try {
      yield* pieces;
    } catch (error) {
      if (isCacheError(error) && isDamage(error)) await refuse(name, digest, error);
      throw error;
    }
  }

  async function put(content: Uint8Array | AsyncIterable<Uint8Array>, options?: CallOptions): Promise<string> {
    const whole = content instanceof Uint8Array;
    const digest = whole
      ? await putContent(settings, content, options)
      : await putContentStream(settings, requireStream(content), options);
    const [name] = form.names(digest);
    if (seal !== undefined)
      await leaveNote({ store, seal, now }, name, { namespace, kind: "blobs", key: digest }, options);
    tell("set", name);
    return toHex(digest);
  }

  async function open(digest: string, options?: RangeOptions): Promise<AsyncIterable<Uint8Array> | undefined> {
    const bytes = digestBytes(digest);
    return find(bytes, options, async (name) => {
      const pieces = await form.open(name, bytes, options);
      return pieces && guarded(name, bytes, pieces);
    });
  }

  return {
    put,
    open,
    get: async (digest, options) => {
      const bytes = digestBytes(digest);
      return find(bytes, options, (name) =>
        loadContent(settings, form, name, bytes, settings.maxBufferedBytes, options),
      );
    },
    has: async (digest, options) => {
      const bytes = digestBytes(digest);
      const found = await find(bytes, options, async (name) => {
        const pieces = await form.open(name, bytes, { signal: options?.signal });
        return pieces && drain(pieces);
      });
      return found === true;
    },
    delete: async (digest, options) => {
      const names = form.names(digestBytes(digest));
      for (const name of names) await store.delete(name, options);
      tell("delete", names[0]);
    },
    toFile: async (digest, path, options) => {
      const pieces = await open(digest, { signal: options?.signal });
      if (pieces === undefined) return false;
      try {
        await publishFile(path, pieces);
        return true;
      } catch (error) {
        if (!strict && isCacheError(error) && isDamage(error)) return false;
        throw error;
      }
    },
  };
}

function requireStream(content: unknown): AsyncIterable<Uint8Array> {
  const stream = content as AsyncIterable<Uint8Array> | undefined;
  if (typeof stream?.[Symbol.asyncIterator] !== "function") {
    throw new TypeError("content is a Uint8Array or an async iterable of them, such as a stream");
  }
  return stream;
}
