import { CacheError, isCacheError } from "@cache/core";
import { loadReference } from "./contents.ts";
import { Group } from "./group.ts";
import type { Settings } from "./options.ts";
import { promised } from "./rebuild.ts";
import type { Candidate, StoredDelta, VersionRecord } from "./record.ts";
import { type Content, type Measure, Measuring, measure, type Source, sourceOf } from "./source.ts";

/** One version on its way in. */
interface Putting {
  readonly settings: Settings;
  readonly source: Source;
  /** What the source was when it was first read. */
  readonly measured: Measure;
  readonly group: Group;
  readonly signal: AbortSignal | undefined;
}

/** Stores a version. Content comes before the record that names it, so what is left of a put that fails is collected. */
export async function putVersion(
  settings: Settings,
  name: string,
  content: Content,
  signal?: AbortSignal,
): Promise<VersionRecord> {
  checkName(name);
  const source = await sourceOf(content);
  try {
    const measured = await measure(source.read(), signal);
    const group = await Group.of(settings, name, signal);
    const putting = { settings, source, measured, group, signal };
    const delta = await putDelta(putting);
    if (delta === undefined) await putWhole(putting);
    const needs = delta === undefined ? [measured.digest] : [delta.digest, delta.reference.digest];
    const record: VersionRecord = { format: 1, ...measured, delta };
    await settings.versions.set(name, record, { needs, signal });
    await group.keep(signal);
    return record;
  } finally {
    await source.close();
  }
}

/** Before anything is stored. @throws TypeError for what is no key of a cache */
function checkName(name: unknown): void {
  if (typeof name !== "string" || name === "" || Buffer.byteLength(name) > 4096) {
    throw new TypeError("the name of a version is text of 1 to 4096 bytes of UTF-8");
  }
}

async function putWhole({ settings, source, measured, group, signal }: Putting): Promise<void> {
  const measuring = new Measuring();
  await settings.versions.blobs.put(measuring.pass(source.read()), { signal });
  requireSame(measuring.measure(), measured);
  if (measured.size > 0 && measured.size <= settings.maxReferenceBytes) group.wasPut(measured);
}

/** What is stored is named by what was read then, and not by what was read before. */
function requireSame(now: Measure, before: Measure): void {
  if (now.digest !== before.digest) throw new TypeError("the file changed while it was read");
}

/** The delta to the first reference that makes a small enough one. */
async function putDelta(putting: Putting): Promise<StoredDelta | undefined> {
  const { settings, measured, group } = putting;
  const limit = Math.floor(measured.size * settings.maxRatio);
  // What is a reference itself is there whole already: a delta would only add to it.
  if (limit === 0 || group.candidates.some(({ digest }) => digest === measured.digest)) return undefined;
  for (const candidate of group.candidates) {
    if (candidate.size > settings.maxReferenceBytes) continue;
    const delta = await putDeltaTo(candidate, limit, putting);
    if (delta !== undefined) return delta;
  }
  return undefined;
}

async function putDeltaTo(candidate: Candidate, limit: number, putting: Putting): Promise<StoredDelta | undefined> {
  const { settings, source, measured, group, signal } = putting;
  const { engine, versions } = settings;
  const { found: reference } = await loadReference(settings, candidate, signal);
  // It stays a candidate: whoever puts it again stores it whole then, and so heals the versions that need it.
  if (reference === undefined) return undefined;
  const [read, made] = [new Measuring(), new Measuring()];
  const delta = engine.encode(reference, read.pass(source.read()), { signal });
  if (!(await isStored(versions.blobs.put(atMost(limit, made.pass(delta)), { signal })))) return undefined;
  requireSame(read.measure(), measured);
  const { digest, size } = made.measure();
  await checkDelta(putting, reference, digest);
  if (group.isOld(candidate)) {
    // As nothing else may need it any more, and a collector be about to remove it.
    await versions.blobs.put(once(reference), { signal });
    group.wasRefreshed(candidate);
  }
  const { digest: of, size: ofSize } = candidate;
  return { engine: engine.name, digest, size, reference: { digest: of, size: ofSize } };
}

/** Ends the making of a delta that is not worth it. */
class TooLarge extends Error {}

async function* atMost(limit: number, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let given = 0;
  for await (const piece of pieces) {
    given += piece.byteLength;
    if (given > limit) throw new TooLarge();
    yield piece;
  }
}

/** Whether a delta was worth it. A put that its source ends leaves nothing behind. */
async function isStored(putting: Promise<string>): Promise<boolean> {
  try {
    await putting;
    return true;
  } catch (error) {
    if (error instanceof TooLarge) return false;
    throw error;
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}

/** Reads the delta back as it is stored and rebuilds the version, as the original will not be there any more. */
async function checkDelta(
  { settings, measured, signal }: Putting,
  reference: Uint8Array,
  digest: string,
): Promise<void> {
  const { engine, versions } = settings;
  try {
    const delta = await versions.blobs.open(digest, { signal });
    if (delta === undefined) throw new CacheError("ERR_CACHE_STORE", "the delta was not there when it was read back");
    for await (const _ of promised(engine.decode(reference, delta, { size: measured.size, signal }), measured));
  } catch (cause) {
    if (!(isCacheError(cause, "ERR_CACHE_AUTH") || isCacheError(cause, "ERR_CACHE_FORMAT"))) throw cause;
    throw new CacheError("ERR_CACHE_ENGINE", "the engine made a delta that does not give the version", { cause });
  }
}
