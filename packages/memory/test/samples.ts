import type { Draft, Name } from "@cache/core/adapter";

/** The name of a number; digests of the real ones are as evenly spread. */
export function name(n: number): Name {
  return `blobs/${(Math.imul(n + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, "0").repeat(8)}`;
}

/** A draft of a body and a head. */
export function draftOf(at: Name, body: AsyncIterable<Uint8Array>, head: Uint8Array = new Uint8Array(0)): Draft {
  return { headLength: head.length, body, finish: () => ({ name: at, head }) };
}

/** A body without end that knows how far it was read. */
export function endless(size: number): { body: AsyncIterable<Uint8Array>; yielded(): number; closed(): boolean } {
  let [count, closed] = [0, false];
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        count++;
        yield new Uint8Array(size);
      }
    } finally {
      closed = true;
    }
  }
  return { body: body(), yielded: () => count, closed: () => closed };
}

/** Numbers between 0 and 1, the same every time. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    // xorshift32 (Marsaglia 2003).
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
