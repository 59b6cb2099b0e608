import type { Case } from "../case.ts";
import { expectBytes, expectSame } from "../expect.ts";
import { sample } from "../samples.ts";
import { storeCase } from "./bench.ts";
import type { StoreFixture } from "./fixture.ts";
import { expectAbsent } from "./reading.ts";

/** Deleting and setting aside. */
export const deleteCases: readonly Case<StoreFixture>[] = [
  storeCase("delete: the name is gone for every reader, and no other name", async ({ store, reopen, name }) => {
    const [at, beside, second] = [name(), name(), await reopen()];
    await store.put(at, sample(100));
    await store.put(beside, sample(100, 2));
    await store.delete(at);
    await expectAbsent(store, at, "after delete");
    await expectAbsent(second, at, "through another handle after delete");
    expectBytes(await store.get(beside), sample(100, 2), "get of the name beside it");
  }),

  storeCase("delete: of what is absent is no error", async ({ store, name }) => {
    const at = name();
    await store.delete(at);
    await store.delete(at, { quarantine: true });
    await store.delete(at, { ifVersion: "no such version" });
    await store.put(at, sample(10));
    await store.delete(at);
    await store.delete(at);
  }),

  storeCase("delete: ifVersion deletes while the version is still this one", async ({ store, name }) => {
    const at = name("entries");
    await store.put(at, sample(100));
    await store.delete(at, { ifVersion: (await store.stat(at))?.version });
    await expectAbsent(store, at, "after delete with the version of stat");
  }),

  storeCase("delete: ifVersion leaves what was put again, of the same bytes too", async ({ store, name }) => {
    const at = name("entries");
    await store.put(at, sample(100));
    const stale = (await store.stat(at))?.version;
    await store.put(at, sample(100));
    await store.delete(at, { ifVersion: stale });
    expectBytes(await store.get(at), sample(100), "get after delete with a stale version");
    await store.delete(at, { ifVersion: stale, quarantine: true });
    expectBytes(await store.get(at), sample(100), "get after quarantine with a stale version");
  }),

  storeCase("delete: ifVersion never undoes a put at the same time", async ({ store, reopen, name }) => {
    const [at, second] = [name("entries"), await reopen()];
    for (let round = 0; round < 32; round++) {
      await store.put(at, sample(100, 1));
      const stale = (await store.stat(at))?.version;
      const both = [() => second.put(at, sample(100, 2)), () => store.delete(at, { ifVersion: stale })];
      if (round % 2 === 1) both.reverse();
      await Promise.all(both.map((call) => call()));
      expectBytes(await store.get(at), sample(100, 2), "get after a put beside a delete with the version before it");
    }
  }),

  storeCase("delete: quarantine takes the name away from every reader", async ({ store, reopen, name }) => {
    const [at, second] = [name(), await reopen()];
    await store.put(at, sample(100));
    await store.delete(at, { quarantine: true });
    await expectAbsent(store, at, "after quarantine");
    await expectAbsent(second, at, "through another handle after quarantine");
  }),

  storeCase("delete: a put heals what was quarantined, again and again", async ({ store, name }) => {
    const at = name();
    for (let seed = 0; seed < 3; seed++) {
      const { written } = await store.put(at, sample(100, seed), { ifAbsent: true });
      expectSame(written, true, "written of a first put after quarantine");
      expectBytes(await store.get(at), sample(100, seed), "get after the put that heals");
      await store.delete(at, { quarantine: true, ifVersion: (await store.stat(at))?.version });
      await expectAbsent(store, at, "after quarantine with the version of stat");
    }
  }),
];
