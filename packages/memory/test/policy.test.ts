import { describe, expect, it } from "vitest";
import { newHeld } from "../src/held.ts";
import { ENTRY_COST, memoryStore } from "../src/index.ts";
import { Residents } from "../src/residents.ts";
import { chance, name } from "./samples.ts";

const KEYS = 5_000;
const LENGTH = 100_000;

/** Keys by Zipf's law: the nth is asked for about 1/n times as often as the first. */
function zipf(random: () => number): () => number {
  const sums: number[] = [];
  for (let n = 1; n <= KEYS; n++) sums.push((sums.at(-1) ?? 0) + 1 / n ** 0.99);
  return () => {
    const wanted = random() * (sums.at(-1) as number);
    let [low, high] = [0, KEYS - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] as number) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** Stretches of popular keys, and as long stretches of keys that come once. */
function withScans(): number[] {
  const popular = zipf(chance(1));
  return Array.from({ length: LENGTH }, (_, at) => (Math.floor(at / 1_000) % 2 === 0 ? popular() : KEYS + at));
}

/** Popular keys, where which ones they are moves on slowly. */
function drifting(): number[] {
  const popular = zipf(chance(2));
  return Array.from({ length: LENGTH }, (_, at) => popular() + Math.floor(at / 20));
}

/** Least recently used, over a map that keeps the order of insertion. */
function lruHits(trace: readonly number[], capacity: number): number {
  const held = new Set<number>();
  let hits = 0;
  for (const key of trace) {
    if (held.delete(key)) hits++;
    held.add(key);
    if (held.size > capacity) held.delete(held.values().next().value as number);
  }
  return hits;
}

async function storeHits(trace: readonly number[], capacity: number): Promise<number> {
  const store = memoryStore({ maxBytes: capacity * (ENTRY_COST + 8) });
  let hits = 0;
  for (const key of trace) {
    if ((await store.get(name(key))) !== undefined) hits++;
    else await store.put(name(key), new Uint8Array(8));
  }
  expect(store.entries).toBe(capacity);
  return hits;
}

describe("eviction", () => {
  for (const capacity of [50, 500]) {
    it(`${capacity} of ${KEYS} values: scans cost a plain LRU at least 15 % of the hits`, async () => {
      const trace = withScans();
      expect(await storeHits(trace, capacity)).toBeGreaterThan(1.15 * lruHits(trace, capacity));
    });

    it(`${capacity} of ${KEYS} values: keeps up with a plain LRU where what is popular moves on`, async () => {
      const trace = drifting();
      expect(await storeHits(trace, capacity)).toBeGreaterThan(0.95 * lruHits(trace, capacity));
    });
  }

  it("a value that was evicted unused and comes again is kept through the next scan", async () => {
    const store = memoryStore({ maxBytes: "1MB", maxEntries: 50 });
    const scan = async (from: number, to: number) => {
      for (let n = from; n < to; n++) await store.put(name(n), new Uint8Array(1));
    };
    await scan(0, 100);
    expect(await store.get(name(40))).toBeUndefined();
    await store.put(name(40), new Uint8Array(1));
    await scan(100, 200);
    expect(await store.get(name(40))).toBeDefined();
  });
});

describe("the cost of a put", () => {
  for (const entries of [100, 10_000]) {
    it(`looks at no more values than puts and uses have paid for, with ${entries} held`, () => {
      let looks = 0;
      const random = chance(3);
      const residents = new Residents({ maxBytes: entries * (ENTRY_COST + 1), maxEntries: 2 ** 40 }, () => {});
      /** Every value that a step looks at is asked for its uses. */
      const counted = (n: number) => {
        let uses = 0;
        return Object.defineProperty(newHeld(name(n), n, new Uint8Array(1)), "uses", {
          get() {
            looks++;
            return uses;
          },
          set(value: number) {
            uses = value;
          },
        });
      };
      const held = Array.from({ length: entries * 10 }, (_, n) => counted(n));
      for (const each of held) {
        residents.add(each);
        for (let times = 0; times < 2; times++) {
          residents.use(held[Math.floor(random() * held.length)] as (typeof held)[number]);
        }
      }
      // Of two uses a put, each looks at a value twice and pays for one that is kept, which is looked at twice more;
      // what is left is the eviction that the put itself pays for.
      expect(looks).toBeGreaterThan(held.length);
      expect(looks).toBeLessThanOrEqual((2 * (2 + 2) + 1) * held.length);
    });
  }
});
