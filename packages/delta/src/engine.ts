import type { CallOptions } from "@cache/core";

/** For one decoding. */
export interface DecodeOptions extends CallOptions {
  /** Bytes that the delta has to give, and no more are taken of it. */
  readonly size: number;
}

/**
 * Makes and reads deltas. Whoever calls it checks the outcome by its digest, so an engine cannot make a wrong file pass; it has
 * to keep within its memory and within `size`, whatever the delta says.
 */
export interface DeltaEngine {
  /** Recorded with each delta, and says how to read it: a format of another kind has another name. 1 to 64 of `a-z 0-9 . -`. */
  readonly name: string;

  /** The delta from `reference` to `target`, piece by piece. @throws CacheError `ERR_CACHE_ENGINE` when the engine cannot work */
  encode(reference: Uint8Array, target: AsyncIterable<Uint8Array>, options?: CallOptions): AsyncIterable<Uint8Array>;

  /**
   * The target of a delta, piece by piece.
   * @throws CacheError `ERR_CACHE_FORMAT` for bytes that are no delta to this reference or give another size,
   * `ERR_CACHE_ENGINE` when the engine cannot work
   */
  decode(reference: Uint8Array, delta: AsyncIterable<Uint8Array>, options: DecodeOptions): AsyncIterable<Uint8Array>;
}

const NAME = /^[a-z0-9.-]{1,64}$/;

/** @throws TypeError for what is no engine */
export function checkEngine(engine: unknown): DeltaEngine {
  const { name, encode, decode } = (engine ?? {}) as Partial<Record<keyof DeltaEngine, unknown>>;
  if (typeof name !== "string" || !NAME.test(name) || typeof encode !== "function" || typeof decode !== "function") {
    throw new TypeError("an engine has a name of a-z, 0-9, dots and hyphens, encode and decode");
  }
  return engine as DeltaEngine;
}
