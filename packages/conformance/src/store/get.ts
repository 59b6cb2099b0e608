import type { Case } from "../case.ts";
import { expectBytes, expectSame, expectThat } from "../expect.ts";
import { sample } from "../samples.ts";
import { storeCase } from "./bench.ts";
import type { StoreFixture } from "./fixture.ts";

const LENGTHS: readonly (readonly [string, number])[] = [
  ["nothing", 0],
  ["1 byte", 1],
  ["100 KiB", 102_400],
];

/** Reading whole values. */
export const getCases: readonly Case<StoreFixture>[] = [
  storeCase("get: an absent name is undefined", async ({ store, name }) => {
    expectSame(await store.get(name("blobs")), undefined, "get of a blob nobody put");
    expectSame(await store.get(name("entries")), undefined, "get of an entry nobody put");
  }),

  ...LENGTHS.map(([words, length]) =>
    storeCase(`get: gives back ${words}`, async ({ store, name }) => {
      const [at, bytes] = [name(), sample(length)];
      await store.put(at, bytes);
      expectBytes(await store.get(at), bytes, "get after put");
    }),
  ),

  storeCase("get: hands out its own bytes", async ({ store, name }) => {
    const [at, bytes] = [name(), sample(1000)];
    await store.put(at, bytes);
    const first = await store.get(at);
    expectThat(first !== undefined, "get after put is not undefined");
    first.fill(0);
    expectBytes(await store.get(at), bytes, "get after the bytes of an earlier get were overwritten");
  }),
];
