import type { CallOptions, Name, Store } from "@cache/core";
import type { Case } from "../case.ts";
import { expectBytes, expectFailure, expectSame } from "../expect.ts";
import { sample } from "../samples.ts";
import { storeCase } from "./bench.ts";
import { draftOfBytes } from "./drafts.ts";
import type { StoreFixture } from "./fixture.ts";
import { rows } from "./reading.ts";

/** Rejects with the very reason of the signal, which was aborted before the call. */
async function expectReason(call: (options: CallOptions) => unknown, what: string): Promise<void> {
  const reason = new Error("the caller has had enough, as the case wanted");
  const error = await expectFailure(async () => call({ signal: AbortSignal.abort(reason) }), what);
  expectSame(error, reason, `what ${what} rejects with is the very reason`);
}

function abortedCase(
  method: string,
  call: (store: Store, name: Name, options: CallOptions) => unknown,
): Case<StoreFixture> {
  return storeCase(`${method}: a signal aborted before the call rejects with its reason`, async ({ store, name }) => {
    const [there, absent] = [name("entries"), name("entries")];
    await store.put(there, sample(100));
    await expectReason((options) => call(store, there, options), `${method} of a name that is there`);
    await expectReason((options) => call(store, absent, options), `${method} of a name that is absent`);
    expectBytes(await store.get(there), sample(100), `get of what was there before an aborted ${method}`);
    expectSame(await store.get(absent), undefined, `get of what was absent before an aborted ${method}`);
  });
}

async function listAll(store: Store, options: CallOptions): Promise<void> {
  for await (const _ of store.list("entries", options));
}

/** Calls that are aborted before they begin, and signals that never abort. */
export const abortCases: readonly Case<StoreFixture>[] = [
  abortedCase("get", (store, name, options) => store.get(name, options)),
  abortedCase("open", (store, name, options) => store.open(name, options)),
  abortedCase("put", (store, name, options) => store.put(name, sample(100, 2), options)),
  abortedCase("stat", (store, name, options) => store.stat(name, options)),
  abortedCase("delete", (store, name, options) => store.delete(name, options)),
  abortedCase("list", (store, _name, options) => listAll(store, options)),

  storeCase("putStream: a signal aborted before the call rejects with its reason, the body unread", async (bench) => {
    const [at, { store }] = [bench.name("entries"), bench];
    await store.put(at, sample(100));
    const draft = draftOfBytes(at, sample(100, 2));
    await expectReason((options) => store.putStream(draft, options), "putStream");
    expectSame(draft.begun, 0, "iterations of the body begun");
    expectBytes(await store.get(at), sample(100), "get of what was there before an aborted putStream");
  }),

  storeCase("every method: a signal that does not abort changes nothing", async ({ store, name }) => {
    const [at, options] = [name("entries"), { signal: new AbortController().signal }];
    await store.put(at, sample(100), options);
    await store.putStream(draftOfBytes(at, sample(200)), options);
    expectBytes(await store.get(at, options), sample(200), "get");
    expectSame((await store.stat(at, options))?.size, 200, "size of stat");
    await listAll(store, options);
    const listed = (await rows(store, "entries")).some((row) => row.name === at);
    expectSame(listed, true, "whether list has the name");
    await store.delete(at, options);
    expectSame(await store.get(at, options), undefined, "get after delete");
  }),
];
