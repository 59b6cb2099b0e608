import type { MonotonicStore, Seen } from "@cache/core";
import type { Case } from "../case.ts";
import { expectBytes, expectSame, fail } from "../expect.ts";
import { random, sample } from "../samples.ts";
import type { MonotonicStoreFixture } from "./fixture.ts";

/** A case on a fresh scope; `other` is another handle on the same memory. */
export function monotonicCase(
  name: string,
  claim: (store: MonotonicStore, scope: Uint8Array, other: MonotonicStore) => Promise<void>,
): Case<MonotonicStoreFixture> {
  return {
    name,
    run: async (fixture) => claim(await fixture.open(), random(32), await fixture.reopen()),
  };
}

/** What was seen, with a digest that depends on the seed. */
export const seen = (sequence: number, seed = 1): Seen => ({ sequence, digest: sample(32, seed) });

/** Fails unless it is just what was seen. */
export function expectSeen(actual: Seen | undefined, expected: Seen, what: string): void {
  if (actual === undefined) fail(`${what}: undefined, expected sequence ${expected.sequence}`);
  expectSame(actual.sequence, expected.sequence, `sequence of ${what}`);
  expectBytes(actual.digest, expected.digest, `digest of ${what}`);
}
