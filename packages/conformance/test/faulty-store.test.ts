import type { Name, Store } from "@cache/core";
import { describe, expect, it } from "vitest";
import { EVERY_FAULT, type Fault, faultyStore, referenceStore, storeCases } from "../src/index.ts";

const NAME: Name = `blobs/${"ab".repeat(32)}`;
const OTHER: Name = `blobs/${"cd".repeat(32)}`;
const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);

/** A store where one fault always strikes, and the sound one below it. */
function always(fault: Fault): { store: ReturnType<typeof faultyStore>; below: Store } {
  const below = referenceStore();
  return { store: faultyStore(below, { seed: 5, faults: { [fault]: 1 } }), below };
}

async function joined(pieces: AsyncIterable<Uint8Array> | undefined): Promise<Uint8Array | undefined> {
  if (pieces === undefined) return undefined;
  const parts: Uint8Array[] = [];
  for await (const piece of pieces) parts.push(piece);
  return new Uint8Array(Buffer.concat(parts));
}

describe("without faults, and with delays alone, it keeps the contract of a store", () => {
  for (const faults of [{}, { delay: 0.5 }]) {
    const store = faultyStore(referenceStore(), { seed: 1, faults });
    const fixture = { persistent: false, open: async () => store, reopen: async () => store };
    for (const each of storeCases) it(`${each.name} (${Object.keys(faults)})`, () => each.run(fixture));
  }
});

describe("each fault does what its name says", () => {
  it("flip: one bit of what is read, whole or in pieces", async () => {
    const { store, below } = always("flip");
    await store.put(NAME, bytes);
    expect(await below.get(NAME)).toEqual(bytes);
    for (const read of [await store.get(NAME), await joined(await store.open(NAME))] as Uint8Array[]) {
      const changed = [...read].map((byte, i) => byte ^ (bytes[i] as number)).filter((difference) => difference !== 0);
      expect([read.length, changed.length]).toEqual([1000, 1]);
      expect(Math.log2(changed[0] as number) % 1).toBe(0);
    }
  });

  it("cut and vanish: less of it, or nothing", async () => {
    const cut = always("cut").store;
    await cut.put(NAME, bytes);
    const read = (await cut.get(NAME)) as Uint8Array;
    expect(bytes.slice(0, read.length)).toEqual(read);
    expect(read.length).toBeLessThan(1000);
    const { store } = always("vanish");
    await store.put(NAME, bytes);
    expect([await store.get(NAME), await store.open(NAME), await store.stat(NAME)]).toEqual(Array(3).fill(undefined));
  });

  it("swap: another name's bytes; replay: bytes that the name had", async () => {
    const swap = always("swap").store;
    await swap.put(OTHER, Uint8Array.of(9));
    await swap.put(NAME, bytes);
    expect(await swap.get(NAME)).toEqual(Uint8Array.of(9));
    const replay = always("replay").store;
    const versions = [1, 2, 3].map((each) => Uint8Array.of(each));
    for (const each of versions) await replay.put(NAME, each);
    const seen = new Set<number>();
    for (let i = 0; i < 40; i++) seen.add((await replay.get(NAME))?.[0] as number);
    expect([...seen].sort()).toEqual([1, 2, 3]);
  });

  it("tear: a part is stored and the call fails; lose: the call succeeds and did nothing", async () => {
    const torn = always("tear");
    await expect(torn.store.put(NAME, bytes)).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
    const part = (await torn.below.get(NAME)) as Uint8Array;
    expect(bytes.slice(0, part.length)).toEqual(part);
    expect(part.length).toBeLessThan(1000);
    const lost = always("lose");
    expect(await lost.store.put(NAME, bytes)).toEqual({ written: true });
    expect(await lost.below.get(NAME)).toBeUndefined();
    await lost.below.put(NAME, bytes);
    await lost.store.delete(NAME);
    expect(await lost.below.get(NAME)).toEqual(bytes);
  });

  it("fail: nothing is done; fail-late: all is done; both calls fail with the store's code and a cause", async () => {
    const failed = { name: "CacheError", code: "ERR_CACHE_STORE", cause: { message: "EIO" } };
    const early = always("fail");
    await expect(early.store.put(NAME, bytes)).rejects.toMatchObject(failed);
    await expect(early.store.get(NAME)).rejects.toMatchObject(failed);
    expect(await early.below.get(NAME)).toBeUndefined();
    const late = always("fail-late");
    await expect(late.store.put(NAME, bytes)).rejects.toMatchObject(failed);
    expect(await late.below.get(NAME)).toEqual(bytes);
    await expect(late.store.delete(NAME)).rejects.toMatchObject(failed);
    expect(await late.below.get(NAME)).toBeUndefined();
  });

  it("calm ends all of them, and each was counted", async () => {
    const store = faultyStore(referenceStore(), { seed: 3, faults: EVERY_FAULT });
    for (let i = 0; i < 400; i++) {
      await store.put(NAME, bytes).catch(() => undefined);
      await store.get(NAME).catch(() => undefined);
    }
    const before = { ...store.injected };
    for (const count of Object.values(before)) expect(count).toBeGreaterThan(0);
    store.calm();
    for (let i = 0; i < 100; i++) {
      await store.put(NAME, bytes);
      expect(await store.get(NAME)).toEqual(bytes);
    }
    expect(store.injected).toEqual(before);
  });
});
