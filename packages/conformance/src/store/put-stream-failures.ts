import type { Name, Store } from "@cache/core";
import type { Case } from "../case.ts";
import { expectBytes, expectFailure, expectSame } from "../expect.ts";
import { pieces, sample } from "../samples.ts";
import { storeCase } from "./bench.ts";
import { draftOf, draftOfBytes, type WatchedDraft } from "./drafts.ts";
import type { StoreFixture } from "./fixture.ts";
import { expectAbsent } from "./reading.ts";

async function* failingAfter(length: number, reason: unknown): AsyncGenerator<Uint8Array, void, undefined> {
  yield* pieces(sample(length), 65_536);
  throw reason;
}

async function expectReason(store: Store, draft: WatchedDraft, reason: unknown): Promise<void> {
  const error = await expectFailure(() => store.putStream(draft), "putStream of a draft that fails");
  expectSame(error, reason, "what putStream rejects with is the very error of the draft");
}

const LENGTHS: readonly (readonly [string, number])[] = [
  ["at once", 0],
  ["after some bytes", 1000],
  ["after 3 MiB", 3 * 1024 * 1024],
];

/** Drafts that fail. */
export const putStreamFailureCases: readonly Case<StoreFixture>[] = [
  ...LENGTHS.map(([words, length]) =>
    storeCase(`putStream: the error of a body that fails ${words} comes back, and nothing is left`, async (bench) => {
      const [at, reason] = [bench.name(), new Error("the body failed, as the case wanted")];
      const draft = draftOf({ name: at, head: sample(20), body: failingAfter(length, reason) });
      await expectReason(bench.store, draft, reason);
      expectSame(draft.finished, 0, "calls of finish when the body never ended");
      await expectNoTrace(bench.store, at);
    }),
  ),

  storeCase("putStream: the error of finish comes back, and nothing is left", async ({ store, name }) => {
    const [at, reason] = [name(), new Error("finish failed, as the case wanted")];
    const draft = draftOfBytes(at, sample(100_000));
    const failing = {
      ...draft,
      finish: (): never => {
        throw reason;
      },
    };
    await expectReason(store, failing, reason);
    await expectNoTrace(store, at);
  }),

  storeCase("putStream: a body that fails leaves the earlier bytes as they were", async ({ store, name }) => {
    const [at, reason] = [name("entries"), new Error("the body failed, as the case wanted")];
    await store.put(at, sample(500));
    const before = await store.stat(at);
    await expectReason(store, draftOf({ name: at, body: failingAfter(100_000, reason) }), reason);
    expectBytes(await store.get(at), sample(500), "get after a putStream that failed");
    expectSame((await store.stat(at))?.version, before?.version, "version after a putStream that failed");
  }),
];

async function expectNoTrace(store: Store, name: Name): Promise<void> {
  await expectAbsent(store, name, "after a putStream that failed");
  const { written } = await store.put(name, sample(3), { ifAbsent: true });
  expectSame(written, true, "written of a first put after a putStream that failed");
}
