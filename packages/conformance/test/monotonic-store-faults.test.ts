import { CacheError, type MonotonicStore, type Seen } from "@cache/core";
import { toHex } from "@cache/core/bytes";
import { describe } from "vitest";
import {
  type FailingMonotonicStoreFixture,
  failingMonotonicStoreCases,
  type MonotonicStoreFixture,
  monotonicStoreCases,
} from "../src/index.ts";
import { type Fault, type Faults, passes, provesItself } from "./matrix.ts";
import { toyMemory, toyMemoryFixture } from "./toy-memory.ts";

type Memory = Map<string, Seen>;

/** The toy with some of it replaced. */
function planted(
  fails: RegExp,
  fault: (store: MonotonicStore, memory: Memory) => Partial<MonotonicStore>,
): Fault<MonotonicStoreFixture> {
  return { fails, fixture: () => toyMemoryFixture((store, memory) => ({ ...store, ...fault(store, memory) })) };
}

/** As {@link planted}, where only what is seen passes through a change. */
const changing = (fails: RegExp, change: (seen: Seen) => Seen) =>
  planted(fails, (store) => ({ advance: (scope, seen) => store.advance(scope, change(seen)) }));

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

const faults: Faults<MonotonicStoreFixture> = {
  "has seen everything": planted(/^get: of a scope of which/, () => ({
    get: async () => ({ sequence: 0, digest: new Uint8Array(32) }),
  })),
  "throws for what it has not seen": planted(/^get: of a scope of which/, (store) => ({
    async get(scope) {
      const found = await store.get(scope);
      if (found === undefined) throw new Error("unknown");
      return found;
    },
  })),
  "remembers nothing": planted(/^(advance: what is seen first|advance: (every|a higher)|reopen)/, () => ({
    advance: async (_, seen) => seen,
  })),
  "answers what was given": planted(/^advance: (a lower|of one sequence the first)/, (store) => ({
    async advance(scope, seen) {
      await store.advance(scope, seen);
      return seen;
    },
  })),
  "answers what was remembered before": planted(/^advance: (what is seen first|a higher)/, (store) => ({
    async advance(scope, seen) {
      const before = await store.get(scope);
      await store.advance(scope, seen);
      return before ?? { ...seen, sequence: 0 };
    },
  })),
  "keeps a number in 32 bits": changing(/^advance: every sequence/, (seen) => ({
    ...seen,
    sequence: seen.sequence >>> 0,
  })),
  "keeps a number as 32-bit floating point": changing(/^advance: every sequence/, (seen) => ({
    ...seen,
    sequence: Math.fround(seen.sequence),
  })),
  "takes 0 for none": planted(/^advance: every sequence/, (store) => ({
    async get(scope) {
      const found = await store.get(scope);
      return found?.sequence ? found : undefined;
    },
  })),
  "takes a digest of zeros for none": planted(/^advance: a digest of zero/, (store) => ({
    async get(scope) {
      const found = await store.get(scope);
      return found?.digest.some((byte) => byte !== 0) ? found : undefined;
    },
  })),
  "cuts digests": changing(/^advance: (what is seen first|every)/, (seen) => ({
    ...seen,
    digest: seen.digest.slice(0, 16),
  })),
  "looks at the first half of a scope": planted(/^get: scopes that differ/, (store) => ({
    get: (scope) => store.get(scope.slice(0, 16)),
    advance: (scope, seen) => store.advance(scope.slice(0, 16), seen),
  })),
  "keeps the digest it was given, not a copy": planted(/^advance: bytes that were given/, (_, memory) => ({
    async advance(scope, seen) {
      memory.set(toHex(scope), seen);
      return { ...seen, digest: new Uint8Array(seen.digest) };
    },
  })),
  "hands out the digest it keeps": planted(/^advance: bytes that were given/, (_, memory) => ({
    get: async (scope) => memory.get(toHex(scope)),
  })),
  "is for one handle": planted(/^(reopen|advance: in any order)/, () => toyMemory()),
  "goes back": planted(/^advance: (a lower|in any order)/, (_, memory) => ({
    async advance(scope, seen) {
      memory.set(toHex(scope), seen);
      return seen;
    },
  })),
  "takes the later of one sequence": planted(/^advance: of one sequence the first/, (store, memory) => ({
    async advance(scope, seen) {
      if (memory.get(toHex(scope))?.sequence === seen.sequence) memory.set(toHex(scope), seen);
      return store.advance(scope, seen);
    },
  })),
  "looks, and writes a moment later": planted(/^advance: (of many at once|of one sequence, many)/, (_, memory) => ({
    async advance(scope, seen) {
      const before = memory.get(toHex(scope));
      await turn();
      if (before === undefined || before.sequence < seen.sequence) memory.set(toHex(scope), seen);
      return before !== undefined && before.sequence >= seen.sequence ? before : seen;
    },
  })),
  "forgets for a moment while it advances": planted(/^get: never goes back/, (store, memory) => ({
    async advance(scope, seen) {
      const before = memory.get(toHex(scope));
      memory.delete(toHex(scope));
      await turn();
      if (before !== undefined) memory.set(toHex(scope), before);
      return store.advance(scope, seen);
    },
    async get(scope) {
      await turn();
      return store.get(scope);
    },
  })),
};

describe("the toy memory", () => {
  passes(monotonicStoreCases, () => toyMemoryFixture());
});

describe("the monotonic store cases", () => {
  provesItself(monotonicStoreCases, faults);
});

const failing = (error: () => unknown): MonotonicStore => ({
  get: () => Promise.reject(error()),
  advance: () => Promise.reject(error()),
});

const badFailures: Faults<FailingMonotonicStoreFixture> = {
  "answers that nothing was seen": {
    fails: /^get/,
    fixture: () => ({ open: () => ({ ...failing(() => new Error("EIO")), get: async () => undefined }) }),
  },
  "answers what was given": {
    fails: /^advance/,
    fixture: () => ({ open: () => ({ ...failing(() => new Error("EIO")), advance: async (_, seen) => seen }) }),
  },
  "throws the platform's error": { fails: /./, fixture: () => ({ open: () => failing(() => new Error("EIO")) }) },
  "loses the cause": {
    fails: /./,
    fixture: () => ({ open: () => failing(() => new CacheError("ERR_CACHE_STORE", "it failed")) }),
  },
};

describe("a memory that fails as it should", () => {
  const error = () => new CacheError("ERR_CACHE_STORE", "it failed", { cause: new Error("EIO") });
  passes(failingMonotonicStoreCases, () => ({ open: () => failing(error) }));
});

describe("the failing monotonic store cases", () => {
  provesItself(failingMonotonicStoreCases, badFailures);
});
