import { createHash } from "node:crypto";
import { createCache, type Store } from "@cache/core";
import { memoryStore } from "@cache/memory";
import { expect } from "vitest";

// Element by element, as vitest does it, a large array takes seconds.
expect.addEqualityTesters([
  (a: unknown, b: unknown) =>
    a instanceof Uint8Array && b instanceof Uint8Array ? Buffer.compare(a, b) === 0 : undefined,
]);

/** Bytes that look random and are the same in every run. */
export function noise(size: number, seed: number): Uint8Array {
  const out = new Uint8Array(size);
  let state = seed * 2_654_435_761 + 1;
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    out[i] = state >>> 24;
  }
  return out;
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** A later version of a file: something inserted, something changed in place, something removed. */
export function edited(bytes: Uint8Array, seed: number): Uint8Array {
  const third = Math.floor(bytes.byteLength / 3);
  const changed = Uint8Array.from(bytes.subarray(third, 2 * third));
  changed.set(noise(100, seed), Math.floor(third / 2));
  return joined(bytes.subarray(0, third), noise(500, seed + 1), changed, bytes.subarray(2 * third + 300));
}

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export async function* stream(bytes: Uint8Array, piece = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += piece) yield bytes.subarray(at, at + piece);
}

export async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return joined(...all);
}

export const memory = (): Store => memoryStore({ maxBytes: 256_000_000 });

export const plainCache = (store: Store = memory()) => createCache({ store });
