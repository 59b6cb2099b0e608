/** Content whose bytes depend on their offset and on the seed, so that a shifted, swapped or stale piece shows. */
export function sample(length: number, seed = 1): Uint8Array {
  const out = new Uint8Array(length);
  let state = (seed * 2654435761) >>> 0 || 1;
  for (let at = 0; at < length; at++) {
    // xorshift32 (Marsaglia 2003): cheap, and no short period that a chunk size could hide behind.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    out[at] = state & 0xff;
  }
  return out;
}

/** Bytes of the platform's random source: names and keys that no other run uses. */
export function random(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** A copy whose bit `bit`, counted from the first byte's lowest, is the other one. */
export function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  const out = new Uint8Array(bytes);
  out[bit >> 3] = (out[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return out;
}

/** The bytes in pieces of at most `size`, each on a buffer of its own. */
export async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) yield new Uint8Array(bytes.subarray(at, at + size));
}

/**
 * The next turn of the event loop, so that work which is under way can go on. `setImmediate` where there is one: on Node,
 * timers that are set again and again by work of more than a millisecond keep the loop from ever polling for I/O.
 */
export async function turn(): Promise<void> {
  const { setImmediate: next = (resolve: () => void) => setTimeout(resolve, 0) } = globalThis as Partial<
    typeof globalThis
  >;
  await new Promise<void>((resolve) => void next(resolve));
}

/** Slices share memory, as those of a Node `Buffer` do, here also where there is no `Buffer`. */
export class SharingBytes extends Uint8Array<ArrayBuffer> {
  constructor(bytes: Uint8Array) {
    super(new Uint8Array(bytes).buffer);
  }

  override slice(start?: number, end?: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.buffer).subarray(start, end);
  }
}
