import type { Case } from "../case.ts";
import { expectBytes, expectSame } from "../expect.ts";
import { sample } from "../samples.ts";
import { storeCase } from "./bench.ts";
import { draftOfBytes } from "./drafts.ts";
import type { StoreFixture } from "./fixture.ts";
import { expectAbsent, readOpen, rows } from "./reading.ts";

/** What another handle on the same medium sees. */
export const reopenCases: readonly Case<StoreFixture>[] = [
  storeCase("reopen: gives another handle, or for a volatile store the same", async ({ store, reopen, persistent }) => {
    expectSame((await reopen()) !== store, persistent, "whether reopen gave another instance");
  }),

  storeCase("reopen: sees what was put before", async ({ store, reopen, name }) => {
    const [whole, streamed] = [name("entries"), name()];
    await store.put(whole, sample(70_000, 1));
    await store.putStream(draftOfBytes(streamed, sample(70_000, 2), 9000, sample(32)));
    const second = await reopen();
    expectBytes(await second.get(whole), sample(70_000, 1), "get of what was put");
    expectBytes(await readOpen(second, streamed, { start: 32 }), sample(70_000, 2), "open of what was streamed");
    expectSame((await second.stat(whole))?.size, 70_000, "size of stat");
    const listed = (await rows(second, "entries")).some((row) => row.name === whole);
    expectSame(listed, true, "whether list has the name");
  }),

  storeCase("reopen: two handles see each other's puts and deletes", async ({ store, reopen, name }) => {
    const [at, second] = [name("entries"), await reopen()];
    await second.put(at, sample(10, 1));
    expectBytes(await store.get(at), sample(10, 1), "get of what the second handle put");
    await store.put(at, sample(10, 2));
    expectBytes(await second.get(at), sample(10, 2), "get of what the first handle put");
    await second.delete(at);
    await expectAbsent(store, at, "after the second handle deleted it");
  }),
];
