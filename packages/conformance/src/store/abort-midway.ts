import type { CallOptions, Name, Store } from "@cache/core";
import type { Case } from "../case.ts";
import { expectBytes, expectFailure, expectSame, expectThat, fail, sameBytes } from "../expect.ts";
import { sample } from "../samples.ts";
import { storeCase } from "./bench.ts";
import { draftOf, draftOfBytes } from "./drafts.ts";
import type { StoreFixture } from "./fixture.ts";
import { begin, expectAbsent, rest } from "./reading.ts";

const LENGTH = 4 * 1024 * 1024;
const REASON = new Error("the caller has had enough, as the case wanted");

/**
 * Aborts right after the call began. Which comes first is nobody's promise; either it took place, or it rejected with
 * the reason and nothing shows.
 */
async function tookPlace(call: (options: CallOptions) => Promise<unknown>, what: string): Promise<boolean> {
  const controller = new AbortController();
  const under = call({ signal: controller.signal });
  controller.abort(REASON);
  try {
    await under;
    return true;
  } catch (error) {
    expectSame(error, REASON, `what ${what} rejects with when it is aborted`);
    return false;
  }
}

/** Calls aborted while they are under way. */
export const abortMidwayCases: readonly Case<StoreFixture>[] = [
  storeCase("open: an abort midway ends the iteration with the reason", async ({ store, name }) => {
    const [at, controller] = [name(), new AbortController()];
    await store.put(at, sample(LENGTH));
    const iterator = await begin(store, at, { signal: controller.signal });
    const first = await iterator.next();
    controller.abort(REASON);
    // A store may hand out everything as one piece, and then there is no step left to honour the signal at.
    if (first.done !== true && first.value.length === LENGTH) return;
    const error = await expectFailure(() => rest(iterator), "an open iteration that was aborted");
    expectSame(error, REASON, "what an open iteration throws when it is aborted");
  }),

  storeCase("list: an abort midway ends the iteration with the reason", async ({ store, name }) => {
    for (let count = 0; count < 5; count++) await store.put(name(), sample(3));
    const controller = new AbortController();
    const iterator = store.list("blobs", { signal: controller.signal })[Symbol.asyncIterator]();
    expectThat((await iterator.next()).done !== true, "list gives a first row when five names are there");
    controller.abort(REASON);
    const error = await expectFailure(() => iterator.next(), "a listing that was aborted");
    expectSame(error, REASON, "what a listing throws when it is aborted");
  }),

  storeCase("putStream: an abort midway rejects with the reason, and nothing is left", async ({ store, name }) => {
    const [at, controller] = [name(), new AbortController()];
    async function* endless(): AsyncGenerator<Uint8Array, void, undefined> {
      for (let count = 0; count < 1000; count++) {
        if (count === 10) controller.abort(REASON);
        yield sample(5000, count);
      }
      fail("putStream read on for a thousand pieces, expected it to stop soon after the abort");
    }
    const draft = draftOf({ name: at, head: sample(20), body: endless() });
    const error = await expectFailure(
      () => store.putStream(draft, { signal: controller.signal }),
      "an aborted putStream",
    );
    expectSame(error, REASON, "what putStream rejects with when it is aborted");
    expectSame(draft.finished, 0, "calls of finish when the body was never read to its end");
    await expectAbsent(store, at, "after an aborted putStream");
  }),

  storeCase("putStream: an abort with the last piece has no effect a reader can see", async ({ store, name }) => {
    const [at, controller] = [name("entries"), new AbortController()];
    await store.put(at, sample(100, 1));
    async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
      yield sample(100, 2);
      controller.abort(REASON);
    }
    const draft = draftOf({ name: at, body: body() });
    const error = await expectFailure(
      () => store.putStream(draft, { signal: controller.signal }),
      "an aborted putStream",
    );
    expectSame(error, REASON, "what putStream rejects with when it is aborted");
    expectBytes(await store.get(at), sample(100, 1), "get of what was there before");
  }),

  ...(["put", "putStream"] as const).map((method) =>
    storeCase(`${method}: an abort right after the call leaves the old bytes or the new`, async ({ store, name }) => {
      const at = name("entries");
      await store.put(at, sample(100_000, 1));
      const done = await tookPlace((options) => write(store, method, at, options), method);
      const now = (await store.get(at)) ?? fail(`get after an aborted ${method}: undefined, expected old or new bytes`);
      expectThat(sameBytes(now, sample(100_000, done ? 2 : 1)), `an aborted ${method} took place or it did not`);
    }),
  ),

  storeCase("delete: an abort right after the call leaves all or nothing", async ({ store, name }) => {
    const at = name("entries");
    await store.put(at, sample(100));
    const done = await tookPlace((options) => store.delete(at, options), "delete");
    if (done) await expectAbsent(store, at, "after a delete that took place");
    else expectBytes(await store.get(at), sample(100), "get after a delete that was aborted");
  }),
];

function write(store: Store, method: "put" | "putStream", name: Name, options: CallOptions): Promise<unknown> {
  const bytes = sample(100_000, 2);
  return method === "put" ? store.put(name, bytes, options) : store.putStream(draftOfBytes(name, bytes), options);
}
