import { CacheError } from "@cache/core";
import { type Answer, loadReference, openContent, refusalOf, rejected } from "./contents.ts";
import type { DeltaEngine } from "./engine.ts";
import type { Settings } from "./options.ts";
import type { VersionRecord } from "./record.ts";
import { type Measure, Measuring } from "./source.ts";

/** The engine that a delta was made with. @throws CacheError `ERR_CACHE_ENGINE` when it was not given */
function engineNamed({ engines }: Settings, name: string): DeltaEngine {
  const engine = engines.get(name);
  if (engine === undefined) {
    const why = "the version is a delta of an engine that was not given; give it as one of the readers";
    throw new CacheError("ERR_CACHE_ENGINE", why);
  }
  return engine;
}

/** Finds references for versions that are rebuilt. */
export type LoadReference = typeof loadReference;

/**
 * The bytes of a version. They are verified by the whole: the iteration ends cleanly only if size and digest are those of the
 * record, and throws the refusal otherwise.
 */
export async function openVersion(
  settings: Settings,
  record: VersionRecord,
  signal?: AbortSignal,
  load: LoadReference = loadReference,
): Promise<Answer<AsyncIterable<Uint8Array>>> {
  const { delta } = record;
  if (delta === undefined) {
    const whole = await openContent(settings, record.digest, "content", signal);
    return whole.found === undefined ? whole : { found: verified(settings, whole.found, record) };
  }
  const engine = engineNamed(settings, delta.engine);
  const reference = await load(settings, delta.reference, signal);
  if (reference.found === undefined) return reference;
  const pieces = await openContent(settings, delta.digest, "content", signal);
  if (pieces.found === undefined) return pieces;
  const target = engine.decode(reference.found, pieces.found, { size: record.size, signal });
  return { found: verified(settings, target, record) };
}

async function* verified(
  { tell }: Settings,
  pieces: AsyncIterable<Uint8Array>,
  record: Measure,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* promised(pieces, record);
  } catch (error) {
    tell(rejected(refusalOf(error), "version"));
    throw error;
  }
}

/** Pieces that in the end were what was promised. @throws CacheError `ERR_CACHE_AUTH` */
export async function* promised(
  pieces: AsyncIterable<Uint8Array>,
  { digest, size }: Measure,
): AsyncGenerator<Uint8Array, void, undefined> {
  const measuring = new Measuring();
  let given = 0;
  for await (const piece of measuring.pass(pieces)) {
    given += piece.byteLength;
    if (given > size) break;
    yield piece;
  }
  if (given !== size || measuring.measure().digest !== digest) {
    throw new CacheError("ERR_CACHE_AUTH", "the version is not what its record promises");
  }
}
