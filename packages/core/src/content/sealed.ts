import { nameOf, namesOf, sealAndName } from "../cache/names.ts";
import { CacheError, isCacheError } from "../errors.ts";
import type { Opened, SealContext, SealedMetadata, Sealer } from "../ports/sealer.ts";
import type { Name, RangeOptions, Store } from "../ports/store.ts";
import { type ContentDraft, type ContentForm, type StoredContent, tap } from "./form.ts";
import { sequentialReader } from "./sequential.ts";

/** What a sealed form needs of a cache. */
export interface SealedFormOptions {
  readonly store: Store;
  readonly seal: Sealer;
  readonly namespace: string;
  readonly now: () => number;
}

/** @throws CacheError `ERR_CACHE_UNKNOWN_KEY`, `ERR_CACHE_REVOKED_KEY` for what another key sealed */
export function requireOpened<T>(opened: Opened<T>): Extract<Opened<T>, { verdict: "opened" }> {
  if (opened.verdict === "opened") return opened as Extract<Opened<T>, { verdict: "opened" }>;
  throw new CacheError(opened.code, "it is sealed under a key this reader cannot use");
}

function draftOf(
  { seal, namespace }: SealedFormOptions,
  metadata: SealedMetadata,
  source: AsyncIterable<Uint8Array>,
): ContentDraft {
  const sealing = seal.sealStream(
    namespace,
    tap(source, () => {}),
    metadata,
  );
  let result: StoredContent | undefined;
  const finish = () => {
    const { digest, name, head } = sealing.finish();
    result = { digest, name: nameOf("blobs", name) };
    return { name: result.name, head };
  };
  return {
    draft: { headLength: sealing.headLength, body: sealing.body, finish },
    result: () => result as StoredContent,
  };
}

async function openWhole(
  { store, seal }: SealedFormOptions,
  context: SealContext,
  name: Name,
  options: RangeOptions,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  const stat = await store.stat(name, options);
  const pieces = stat && (await store.open(name, { signal: options.signal, orMiss: options.orMiss }));
  if (stat === undefined || pieces === undefined) return undefined;
  const { read, close } = sequentialReader(pieces);
  try {
    const opened = await seal.openStream(context, read, stat.size);
    return opened && closing(requireOpened(opened).content, close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** Lets go of the stored stream however the reading ends. */
async function* closing(content: AsyncIterable<Uint8Array>, close: () => Promise<void>): AsyncGenerator<Uint8Array> {
  try {
    yield* content;
  } finally {
    await close();
  }
}

async function openPart(
  { store, seal }: SealedFormOptions,
  context: SealContext,
  name: Name,
  options: RangeOptions,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  const stat = await store.stat(name, options);
  if (stat === undefined) return undefined;
  const { start = 0, end = Number.MAX_SAFE_INTEGER, signal } = options;
  const read = (from: number, to: number) => store.open(name, { start: from, end: to, signal });
  const attempt = () => seal.openRange(context, read, stat.size, { start, end });
  const opened = await attempt().catch((error: unknown) => {
    // Head and chunks are read apart; a replacement between the two looks like damage once, real damage twice.
    if (isCacheError(error, "ERR_CACHE_AUTH")) return attempt();
    throw error;
  });
  return opened && requireOpened(opened).content;
}

/** Content sealed under a keyed name: neither it, nor its digest, nor a guess of it can be tested without the key. */
export function sealedForm(options: SealedFormOptions): ContentForm {
  const { seal, namespace, now } = options;
  const contextOf = (digest: Uint8Array): SealContext => ({ namespace, kind: "blobs", key: digest });
  const metadata = (): SealedMetadata => ({ created: now(), expires: 0, sequence: 0 });
  return {
    names: (digest) => namesOf({ seal }, contextOf(digest)),
    wrap: (digest, content) => sealAndName(seal, contextOf(digest), content, metadata()),
    unwrap: (digest, stored) => requireOpened(seal.open(contextOf(digest), stored)).content,
    // 16 bytes of tag a chunk of 16 KiB, and a head of bounded length (format, "Envelope").
    storedSize: (size) => size + 16 * (Math.floor(size / 16_384) + 1) + 16_384,
    draft: (source) => draftOf(options, metadata(), source),
    open(name, digest, range = {}) {
      const whole = range.start === undefined && range.end === undefined;
      return (whole ? openWhole : openPart)(options, contextOf(digest), name, range);
    },
  };
}
