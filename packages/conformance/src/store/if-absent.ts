import type { Name, PutOptions, PutResult, Store } from "@cache/core";
import type { Case } from "../case.ts";
import { expectBytes, expectSame } from "../expect.ts";
import { sample } from "../samples.ts";
import { storeCase } from "./bench.ts";
import { draftOfBytes } from "./drafts.ts";
import type { StoreFixture } from "./fixture.ts";

type Write = (store: Store, name: Name, bytes: Uint8Array, options?: PutOptions) => Promise<PutResult>;

const IF_ABSENT: PutOptions = { ifAbsent: true };
const PUT: Write = (store, name, bytes, options) => store.put(name, bytes, options);
const PUT_STREAM: Write = (store, name, bytes, options) =>
  store.putStream(draftOfBytes(name, bytes.subarray(40), 1000, bytes.slice(0, 40)), options);

function casesOf(method: string, write: Write): readonly Case<StoreFixture>[] {
  return [
    storeCase(`${method}: ifAbsent writes when the name is free`, async ({ store, name }) => {
      const at = name();
      expectSame((await write(store, at, sample(100), IF_ABSENT)).written, true, "written of the first writer");
      expectBytes(await store.get(at), sample(100), "get after the first writer");
    }),

    storeCase(`${method}: ifAbsent leaves what is there as it is`, async ({ store, name }) => {
      const at = name();
      await store.put(at, sample(100, 1));
      const before = await store.stat(at);
      expectSame((await write(store, at, sample(100, 2), IF_ABSENT)).written, false, "written of the second writer");
      expectBytes(await store.get(at), sample(100, 1), "get after the second writer");
      expectSame((await store.stat(at))?.version, before?.version, "version after the second writer");
    }),

    storeCase(`${method}: ifAbsent counts an empty value as there`, async ({ store, name }) => {
      const at = name();
      await store.put(at, new Uint8Array(0));
      expectSame((await write(store, at, sample(100), IF_ABSENT)).written, false, "written over an empty value");
      expectBytes(await store.get(at), new Uint8Array(0), "get of the empty value");
    }),

    storeCase(`${method}: ifAbsent writes again after a delete`, async ({ store, name }) => {
      const at = name();
      await store.put(at, sample(100, 1));
      await store.delete(at);
      expectSame((await write(store, at, sample(100, 2), IF_ABSENT)).written, true, "written after a delete");
      expectBytes(await store.get(at), sample(100, 2), "get after a delete and a put");
    }),

    storeCase(`${method}: ifAbsent lets one of sixteen at once win`, async ({ store, reopen, name }) => {
      const [at, second] = [name(), await reopen()];
      const writers = Array.from({ length: 16 }, (_, seed) => seed);
      const results = await Promise.all(
        writers.map((seed) => write(seed % 2 === 0 ? store : second, at, sample(20_000 + seed, seed), IF_ABSENT)),
      );
      const winners = writers.filter((seed) => results[seed]?.written);
      expectSame(winners.length, 1, "writers that were told they had written");
      const winner = winners[0] ?? 0;
      expectBytes(await store.get(at), sample(20_000 + winner, winner), "get is the winner's bytes");
    }),
  ];
}

/** The first writer wins. */
export const ifAbsentCases: readonly Case<StoreFixture>[] = [
  ...casesOf("put", PUT),
  ...casesOf("putStream", PUT_STREAM),

  storeCase("putStream: a draft that loses is still read to its end, and asked once", async ({ store, name }) => {
    const at = name();
    await store.put(at, sample(10));
    const draft = draftOfBytes(at, sample(100_000), 10_000);
    await store.putStream(draft, IF_ABSENT);
    expectSame(draft.finished, 1, "calls of finish");
    expectSame(draft.early, 0, "calls of finish before the body ended");
  }),
];
