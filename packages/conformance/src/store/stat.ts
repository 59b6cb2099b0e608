import type { Name, Stat, Store } from "@cache/core";
import type { Case } from "../case.ts";
import { expectSame, expectThat, fail } from "../expect.ts";
import { sample } from "../samples.ts";
import { storeCase } from "./bench.ts";
import { draftOfBytes } from "./drafts.ts";
import type { StoreFixture } from "./fixture.ts";
import { readOpen, rows } from "./reading.ts";

/** Clocks of a medium and of this process may differ by minutes; a unit or an epoch that is wrong differs by years. */
const CLOCK_SKEW = 3_600_000;
/** Longer than the coarsest clock a medium is known to stamp with, which counts whole seconds. */
const CLOCK_STEP = 1_100;

async function statOf(store: Store, name: Name): Promise<Stat> {
  return (await store.stat(name)) ?? fail("stat: undefined, expected a row for what was put");
}

/** Fails unless a time can be the one of a put just now. */
export function expectJustNow(modified: number, what: string): void {
  const plausible = Number.isFinite(modified) && Math.abs(modified - Date.now()) < CLOCK_SKEW;
  expectThat(plausible, `${what}: ${modified}, expected the time of the put in milliseconds since 1970`);
}

/** What is known of a name without its bytes. */
export const statCases: readonly Case<StoreFixture>[] = [
  storeCase("stat: an absent name is undefined", async ({ store, name }) => {
    expectSame(await store.stat(name("blobs")), undefined, "stat of a blob nobody put");
    expectSame(await store.stat(name("entries")), undefined, "stat of an entry nobody put");
  }),

  storeCase("stat: size is the length in bytes", async ({ store, name }) => {
    const at = name("entries");
    for (const length of [0, 1, 100_000, 7]) {
      await store.put(at, sample(length));
      expectSame((await statOf(store, at)).size, length, `size after a put of ${length} bytes`);
    }
    await store.putStream(draftOfBytes(at, sample(1000), 300, sample(32)));
    expectSame((await statOf(store, at)).size, 1032, "size after a stream of 1000 bytes behind a head of 32");
  }),

  storeCase("stat: modified is the time of the put", async ({ store, name }) => {
    const [whole, streamed] = [name(), name()];
    await store.put(whole, sample(10));
    await store.putStream(draftOfBytes(streamed, sample(10)));
    expectJustNow((await statOf(store, whole)).modified, "modified after put");
    expectJustNow((await statOf(store, streamed)).modified, "modified after putStream");
  }),

  storeCase("stat: modified changes with a put and not with a read", async ({ store, name }) => {
    const at = name("entries");
    await store.put(at, sample(10));
    const { modified } = await statOf(store, at);
    await new Promise((resolve) => setTimeout(resolve, CLOCK_STEP));
    await store.get(at);
    await readOpen(store, at);
    expectSame((await statOf(store, at)).modified, modified, "modified after a get and an open");
    await store.put(at, sample(10));
    expectThat((await statOf(store, at)).modified > modified, "modified is later after a later put");
  }),

  storeCase("stat: version stays while nobody puts", async ({ store, reopen, name }) => {
    const [at, aside, second] = [name("entries"), name("entries"), await reopen()];
    await store.put(at, sample(100));
    const { version } = await statOf(store, at);
    expectSame(typeof version, "string", "type of version");
    await store.get(at);
    await readOpen(store, at);
    await rows(store, "entries");
    await store.put(aside, sample(100));
    await store.delete(aside);
    expectSame((await statOf(store, at)).version, version, "version after reads and puts of another name");
    expectSame((await statOf(second, at)).version, version, "version through another handle");
  }),

  storeCase("stat: version differs after every put, of the same bytes too", async ({ store, reopen, name }) => {
    const [at, second, seen] = [name("entries"), await reopen(), new Set<string>()];
    const bytes = sample(100);
    for (let round = 0; round < 20; round++) {
      const writer = round % 2 === 0 ? store : second;
      if (round % 3 === 0) await writer.putStream(draftOfBytes(at, bytes));
      else await writer.put(at, bytes);
      seen.add((await statOf(store, at)).version);
    }
    expectSame(seen.size, 20, "different versions after twenty puts");
  }),

  storeCase("stat: version differs after a delete and a put", async ({ store, name }) => {
    const [at, seen] = [name("entries"), new Set<string>()];
    for (let round = 0; round < 10; round++) {
      await store.put(at, sample(100));
      seen.add((await statOf(store, at)).version);
      await store.delete(at);
    }
    expectSame(seen.size, 10, "different versions after ten rounds of put and delete");
  }),
];
