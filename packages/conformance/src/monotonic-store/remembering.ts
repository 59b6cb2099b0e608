import type { Case } from "../case.ts";
import { expectSame } from "../expect.ts";
import { flipBit, random } from "../samples.ts";
import { expectSeen, monotonicCase, seen } from "./bench.ts";
import type { MonotonicStoreFixture } from "./fixture.ts";

/** Every power of two and its neighbours, up to the last whole number. */
const EDGES: readonly number[] = [
  0,
  ...Array.from({ length: 52 }, (_, bit) => [2 ** (bit + 1) - 1, 2 ** (bit + 1)]).flat(),
  Number.MAX_SAFE_INTEGER,
];

/** What is remembered, and under which scope. */
export const rememberingCases: readonly Case<MonotonicStoreFixture>[] = [
  monotonicCase("get: of a scope of which nothing was seen it is undefined", async (store, scope) => {
    expectSame(await store.get(scope), undefined, "get of a new scope");
  }),

  monotonicCase("advance: what is seen first is remembered and answered", async (store, scope) => {
    expectSeen(await store.advance(scope, seen(5)), seen(5), "the answer to the first");
    expectSeen(await store.get(scope), seen(5), "what is remembered");
  }),

  monotonicCase("advance: every sequence from 0 to the last whole number is kept exactly", async (store, scope) => {
    for (const sequence of EDGES) {
      expectSeen(
        await store.advance(scope, seen(sequence, sequence % 97)),
        seen(sequence, sequence % 97),
        "the answer",
      );
      expectSeen(await store.get(scope), seen(sequence, sequence % 97), "what is remembered");
    }
  }),

  monotonicCase(
    "advance: a digest of zero bytes, which stands for a delete, is one like others",
    async (store, scope) => {
      const deleted = { sequence: 7, digest: new Uint8Array(32) };
      expectSeen(await store.advance(scope, deleted), deleted, "the answer");
      expectSeen(await store.get(scope), deleted, "what is remembered");
    },
  ),

  monotonicCase("get: scopes that differ in one bit are told apart", async (store, scope) => {
    await store.advance(scope, seen(3));
    for (const bit of [0, 7, 8, 63, 64, 127, 128, 200, 255]) {
      expectSame(await store.get(flipBit(scope, bit)), undefined, `get of a scope that differs in bit ${bit}`);
      await store.advance(flipBit(scope, bit), seen(100 + bit));
    }
    expectSeen(await store.get(scope), seen(3), "what is remembered of the scope itself");
  }),

  monotonicCase("advance: bytes that were given or answered may be used again", async (store, scope) => {
    const [given, own] = [seen(1, 1), new Uint8Array(scope)];
    const answered = await store.advance(own, given);
    for (const each of [given.digest, answered.digest, own]) each.fill(0xff);
    const got = await store.get(scope);
    expectSeen(got, seen(1, 1), "what is remembered after they were overwritten");
    got?.digest.fill(0xff);
    expectSeen(await store.get(scope), seen(1, 1), "what is remembered after what get answered was overwritten");
  }),

  monotonicCase("reopen: another handle knows what was seen", async (store, scope, other) => {
    await store.advance(scope, seen(9));
    expectSeen(await other.get(scope), seen(9), "what another handle remembers");
    const another = random(32);
    await other.advance(another, seen(10));
    expectSeen(await store.get(another), seen(10), "what was seen by another handle");
  }),
];
