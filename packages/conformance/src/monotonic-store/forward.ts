import type { MonotonicStore, Seen } from "@cache/core";
import { toHex } from "@cache/core/bytes";
import type { Case } from "../case.ts";
import { expectSame, expectThat } from "../expect.ts";
import { expectSeen, monotonicCase, seen } from "./bench.ts";
import type { MonotonicStoreFixture } from "./fixture.ts";

/** Sequences in an order that is neither theirs nor its reverse. */
const MIXED: readonly number[] = Array.from({ length: 61 }, (_, at) => (at * 37) % 61);

/** Advances on both handles at once, with a digest of its own each. @returns what was answered */
function atOnce(handles: readonly MonotonicStore[], scope: Uint8Array, sequences: readonly number[]): Promise<Seen[]> {
  return Promise.all(
    sequences.map((sequence, at) =>
      (handles[at % handles.length] as MonotonicStore).advance(scope, seen(sequence, at)),
    ),
  );
}

/** It never goes back, and of one sequence the first counts. */
export const forwardCases: readonly Case<MonotonicStoreFixture>[] = [
  monotonicCase("advance: a higher sequence takes the place of a lower one", async (store, scope) => {
    await store.advance(scope, seen(5, 1));
    for (const sequence of [6, 60, 600]) {
      expectSeen(await store.advance(scope, seen(sequence, sequence)), seen(sequence, sequence), "the answer");
      expectSeen(await store.get(scope), seen(sequence, sequence), "what is remembered");
    }
  }),

  monotonicCase("advance: a lower sequence changes nothing, and the higher one is answered", async (store, scope) => {
    await store.advance(scope, seen(50, 1));
    for (const sequence of [49, 9, 0]) {
      expectSeen(await store.advance(scope, seen(sequence, 2)), seen(50, 1), `the answer to sequence ${sequence}`);
      expectSeen(await store.get(scope), seen(50, 1), "what is remembered");
    }
  }),

  monotonicCase("advance: of one sequence the first digest stays, and is answered", async (store, scope, other) => {
    await store.advance(scope, seen(5, 1));
    for (const handle of [store, other]) {
      expectSeen(await handle.advance(scope, seen(5, 2)), seen(5, 1), "the answer to another digest");
      expectSeen(await handle.advance(scope, seen(5, 1)), seen(5, 1), "the answer to the same digest");
      expectSeen(await handle.get(scope), seen(5, 1), "what is remembered");
    }
  }),

  monotonicCase("advance: in any order the highest is remembered, by every handle", async (store, scope, other) => {
    let highest = -1;
    for (const [at, sequence] of MIXED.entries()) {
      highest = Math.max(highest, sequence);
      const { sequence: answered } = await (at % 2 === 0 ? store : other).advance(scope, seen(sequence, sequence));
      expectSame(answered, highest, "the answer");
    }
    for (const handle of [store, other]) expectSeen(await handle.get(scope), seen(60, 60), "what is remembered");
  }),

  monotonicCase(
    "advance: of many at once the highest is remembered, and no answer is lower",
    async (store, scope, other) => {
      const answers = await atOnce([store, other], scope, MIXED);
      for (const [at, { sequence }] of answers.entries()) {
        expectThat(sequence >= (MIXED[at] ?? 0), `the answer to sequence ${MIXED[at]} is no lower: ${sequence}`);
      }
      const last = seen(60, MIXED.indexOf(60));
      for (const handle of [store, other]) expectSeen(await handle.get(scope), last, "what is remembered");
    },
  ),

  monotonicCase("advance: of one sequence, many at once agree on one digest", async (store, scope, other) => {
    for (let sequence = 0; sequence < 8; sequence++) {
      const answers = await atOnce([store, other], scope, Array<number>(16).fill(sequence));
      const digests = new Set([...answers, await store.get(scope), await other.get(scope)].map(digestOf));
      expectThat(digests.size === 1, `all answers of one sequence have one digest, not ${digests.size}`);
    }
  }),

  monotonicCase("get: never goes back while others advance", async (store, scope, other) => {
    await store.advance(scope, seen(0));
    let writing = true;
    const write = async () => {
      for (let sequence = 1; sequence <= 40; sequence++) await other.advance(scope, seen(sequence, sequence));
      writing = false;
    };
    const read = async () => {
      for (let highest = 0; writing; ) {
        const { sequence = -1 } = (await store.get(scope)) ?? {};
        expectThat(sequence >= highest, `what is remembered goes back from ${highest} to ${sequence}`);
        highest = sequence;
      }
    };
    await Promise.all([write(), read()]);
    expectSeen(await store.get(scope), seen(40, 40), "what is remembered at the end");
  }),
];

const digestOf = (each: Seen | undefined): string => (each === undefined ? "none" : toHex(each.digest));
