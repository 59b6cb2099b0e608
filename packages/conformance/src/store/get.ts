import { isCacheError } from "@cache/core/adapter";
import type { Case } from "../case.ts";
import { expectBytes, expectFailure, expectSame, expectThat, show } from "../expect.ts";
import { sample } from "../samples.ts";
import { storeCase } from "./bench.ts";
import type { StoreFixture } from "./fixture.ts";

/** Reading whole values. */
export const getCases: readonly Case<StoreFixture>[] = [
  storeCase("get: an absent name is undefined", async ({ store, name }) => {
    expectSame(await store.get(name("blobs")), undefined, "get of a blob nobody put");
    expectSame(await store.get(name("entries")), undefined, "get of an entry nobody put");
  }),

  storeCase("get: the kinds of one digest are names apart", async ({ store, name }) => {
    const blob = name("blobs");
    await store.put(blob, sample(10, 1));
    for (const kind of ["entries", "notes"] as const) {
      const other = blob.replace("blobs/", `${kind}/`) as typeof blob;
      expectSame(await store.get(other), undefined, `get in ${kind} when only the blob was put`);
      try {
        await store.put(other, sample(10, 2));
        expectBytes(await store.get(blob), sample(10, 1), `get of the blob after a put in ${kind}`);
        expectBytes(await store.get(other), sample(10, 2), `get in ${kind}`);
      } finally {
        await store.delete(other);
      }
      expectBytes(await store.get(blob), sample(10, 1), `get of the blob after a delete in ${kind}`);
    }
  }),

  storeCase("get: every call hands out bytes of its own", async ({ store, name }) => {
    const [at, bytes] = [name(), sample(1000)];
    await store.put(at, bytes);
    const first = await store.get(at);
    expectThat(first !== undefined, "get after put is not undefined");
    first.fill(0);
    expectBytes(await store.get(at), bytes, "get after the bytes of an earlier get were overwritten");
  }),

  storeCase("get: what was handed out stays as it was when the name is put again", async ({ store, name }) => {
    const at = name();
    await store.put(at, sample(1000, 1));
    const first = await store.get(at);
    await store.put(at, sample(1000, 2));
    await store.delete(at);
    expectBytes(first, sample(1000, 1), "the bytes of a get, after a put and a delete");
  }),

  storeCase("get: hands out a plain Uint8Array, whose slice copies", async ({ store, name }) => {
    const at = name();
    await store.put(at, sample(1000));
    const plain = Object.getPrototypeOf((await store.get(at)) ?? {}) === Uint8Array.prototype;
    expectThat(plain, "get hands out a Uint8Array and no subclass of it, such as a Node Buffer");
  }),

  storeCase("get: a value longer than the limit is refused", async ({ store, name }) => {
    const at = name();
    await store.put(at, sample(1000));
    for (const limit of [999, 1, 0]) {
      const error = await expectFailure(() => store.get(at, { limit }), `get of 1000 bytes with a limit of ${limit}`);
      const refused = isCacheError(error, "ERR_CACHE_LIMIT");
      expectThat(refused, `get of 1000 bytes with a limit of ${limit}: ${show(error)}, expected ERR_CACHE_LIMIT`);
    }
  }),

  storeCase("get: a value as long as the limit is handed out", async ({ store, name }) => {
    const [long, empty] = [name(), name()];
    await store.put(long, sample(1000));
    await store.put(empty, new Uint8Array(0));
    expectBytes(await store.get(long, { limit: 1000 }), sample(1000), "get of 1000 bytes with a limit of 1000");
    expectBytes(await store.get(empty, { limit: 0 }), new Uint8Array(0), "get of an empty value with a limit of 0");
    expectSame(await store.get(name(), { limit: 0 }), undefined, "get of an absent name with a limit of 0");
  }),
];
