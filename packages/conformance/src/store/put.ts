import type { Case } from "../case.ts";
import { expectBytes, expectSame, expectThat, sameBytes } from "../expect.ts";
import { SharingBytes, sample } from "../samples.ts";
import { storeCase } from "./bench.ts";
import type { StoreFixture } from "./fixture.ts";
import { readOpen } from "./reading.ts";

/** Writing whole values. */
export const putCases: readonly Case<StoreFixture>[] = [
  storeCase("put: says that it has written", async ({ store, name }) => {
    const at = name();
    expectSame((await store.put(at, sample(10))).written, true, "written of a first put");
    expectSame((await store.put(at, sample(10))).written, true, "written of a second put");
    expectSame((await store.put(at, sample(10), { ifAbsent: false })).written, true, "written with ifAbsent: false");
  }),

  storeCase("put: replaces what was there, by longer and by shorter bytes", async ({ store, name }) => {
    const at = name("entries");
    for (const length of [1000, 200_000, 10, 0, 500]) {
      await store.put(at, sample(length, length));
      expectBytes(await store.get(at), sample(length, length), `get after ${length} bytes replaced others`);
    }
  }),

  storeCase("put: the last writer wins, whichever handle it wrote through", async ({ store, reopen, name }) => {
    const [at, second] = [name("entries"), await reopen()];
    for (let seed = 0; seed < 10; seed++) {
      const [writer, reader] = seed % 2 === 0 ? [store, second] : [second, store];
      await writer.put(at, sample(100, seed));
      expectBytes(await reader.get(at), sample(100, seed), "get right after the latest put");
    }
  }),

  storeCase("put: of writers at once one wins, whole, and for every reader", async ({ store, reopen, name }) => {
    const [at, second] = [name("entries"), await reopen()];
    const values = Array.from({ length: 16 }, (_, seed) => sample(50_000 + seed, seed));
    await Promise.all(values.map((bytes, writer) => (writer % 2 === 0 ? store : second).put(at, bytes)));
    const won = await store.get(at);
    expectThat(won !== undefined && values.some((bytes) => sameBytes(bytes, won)), "get is one writer's bytes, whole");
    expectBytes(await second.get(at), won, "get through another handle");
    expectBytes(await readOpen(store, at), won, "open");
  }),

  storeCase("put: a hundred at once all arrive", async ({ store, name }) => {
    const names = Array.from({ length: 100 }, (_, index) => name(index % 2 === 0 ? "blobs" : "entries"));
    await Promise.all(names.map((at, index) => store.put(at, sample(index * 31, index))));
    const read = await Promise.all(names.map((at) => store.get(at)));
    read.forEach(
      (bytes, index) => void expectBytes(bytes, sample(index * 31, index), `get of put ${index} of a hundred`),
    );
  }),

  storeCase("put: takes a copy, so the caller may go on using the buffer", async ({ store, name }) => {
    const [at, buffer] = [name(), sample(100_000)];
    await store.put(at, buffer);
    buffer.fill(0);
    expectBytes(await store.get(at), sample(100_000), "get after the buffer that was put was overwritten");
  }),

  storeCase("put: takes a copy of what only claims to copy, as a Node Buffer does", async ({ store, name }) => {
    const [at, buffer] = [name(), new SharingBytes(sample(1000))];
    await store.put(at, buffer);
    buffer.fill(0);
    expectBytes(await store.get(at), sample(1000), "get after the buffer that was put was overwritten");
  }),

  storeCase("put: takes a window of a larger buffer, and nothing round it", async ({ store, name }) => {
    const [at, buffer] = [name(), sample(1000)];
    await store.put(at, buffer.subarray(100, 300));
    expectBytes(await store.get(at), buffer.slice(100, 300), "get after a window was put");
  }),
];
