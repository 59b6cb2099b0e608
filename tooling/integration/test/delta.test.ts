import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileStore } from "@cache/cas";
import type { CacheEvent, Store } from "@cache/core";
import { collectGarbage, transferEntries, verifyStore } from "@cache/core/maintenance";
import { type DeltaEvent, deltaStore } from "@cache/delta";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";
import { cacheOver, directory, slots, stores, strangers } from "./slots.ts";

const every = Object.keys(stores).flatMap((store) => Object.keys(slots).map((slot) => [store, slot] as const));
const DAY = 86_400_000;

/** Bytes in which a search finds its way, and that occur nowhere else. */
function release(seed: string, changed: string): Uint8Array {
  const blocks = Array.from({ length: 3000 }, (_, i) => {
    const text = i === 1500 ? changed : seed;
    return createHash("sha256").update(`${text} ${i}`).digest();
  });
  return new Uint8Array(Buffer.concat(blocks));
}

const FIRST = release("plain text of a release", "1");
const SECOND = release("plain text of a release", "2");
const THIRD = release("plain text of a release", "3");
const digestOf = (bytes: Uint8Array | undefined) => bytes && createHash("sha256").update(bytes).digest("hex");

async function* filesIn(path: string): AsyncGenerator<Buffer> {
  for (const name of readdirSync(path, { recursive: true, withFileTypes: true })) {
    if (name.isFile()) yield readFileSync(join(name.parentPath, name.name));
  }
}

describe.each(every)("versions in a cache, %s, %s", (where, kind) => {
  const slot = slots[kind] as () => object;

  it("every read finds what another cache over the same store has put", async () => {
    const store = (stores[where] as () => Store)();
    for (const [name, bytes] of Object.entries({ "a/1": FIRST, "a/2": SECOND, "a/3": THIRD })) {
      // A cache and a store of versions of its own each time, as in processes of their own: nothing is remembered.
      await deltaStore(cacheOver(store, slot())).put(name, bytes);
    }
    const events: CacheEvent[] = [];
    const told: DeltaEvent[] = [];
    let hits = 0;
    for (let round = 0; round < 3; round++) {
      const cache = cacheOver(store, slot(), { onEvent: (event) => events.push(event) });
      const deltas = deltaStore(cache, { onEvent: (event) => told.push(event) });
      for (const [name, bytes] of Object.entries({ "a/1": FIRST, "a/2": SECOND, "a/3": THIRD })) {
        if (digestOf(await deltas.get(name)) === digestOf(bytes)) hits += 1;
      }
    }
    expect(hits).toBe(9);
    expect(told).toEqual([]);
    expect(events.filter(({ type }) => type !== "hit")).toEqual([]);
    expect(await deltaStore(cacheOver(store, slot())).stats()).toMatchObject({ versions: 3, deltas: 2, references: 1 });
  });

  it("nothing grows by reading, and no version is lost to a collection", async () => {
    const store = (stores[where] as () => Store)();
    const deltas = deltaStore(cacheOver(store, slot()));
    for (const [i, bytes] of [FIRST, SECOND, THIRD].entries()) await deltas.put(`a/${i}`, bytes);
    const sizes = async () => {
      const all: number[] = [];
      for (const kind of ["blobs", "entries", "notes"] as const)
        for await (const { size } of store.list(kind)) all.push(size);
      return all.length;
    };
    const before = await sizes();
    for (let i = 0; i < 5; i++) await deltas.get("a/2");
    expect(await sizes()).toBe(before);
    await deltas.delete("a/0");
    const later = { store, ...slot(), now: () => Date.now() + 40 * DAY };
    expect(await collectGarbage(later)).toMatchObject({ unreferencedBlobs: 0 });
    expect(await deltas.verify()).toMatchObject({ ok: 2, lost: 0, rejected: 0, unreadable: 0 });
    expect(await verifyStore({ store, ...slot() })).toMatchObject({ damaged: 0, missing: 0, orphaned: 0 });
  });

  it("come along in a transfer to any other cache", async () => {
    const [source, target] = [(stores[where] as () => Store)(), memoryStore({ maxBytes: 64_000_000 })];
    const deltas = deltaStore(cacheOver(source, slot()));
    for (const [i, bytes] of [FIRST, SECOND].entries()) await deltas.put(`a/${i}`, bytes);
    const to = { store: target, ...(slots["sealed and signed"] as () => object)() };
    expect(await transferEntries({ from: { store: source, ...slot() }, to })).toMatchObject({ refused: 0 });
    const other = deltaStore(cacheOver(target, (slots["sealed and signed"] as () => object)()));
    expect(await other.verify()).toMatchObject({ ok: 2, lost: 0 });
  });

  it.skipIf(kind === "plain")("are a miss for whoever has other keys, and stay", async () => {
    const store = (stores[where] as () => Store)();
    const deltas = deltaStore(cacheOver(store, slot()));
    await deltas.put("a/1", FIRST);
    await deltas.put("a/2", SECOND);
    const stranger = deltaStore(cacheOver(store, (strangers[kind] as () => object)()));
    expect(await stranger.get("a/2")).toBeUndefined();
    expect(await stranger.stats()).toMatchObject({ versions: 0 });
    expect(digestOf(await deltas.get("a/2"))).toBe(digestOf(SECOND));
  });
});

describe("versions in a directory", () => {
  it.each(["sealed", "sealed and signed"])("leave nothing of themselves in clear, %s", async (kind) => {
    const path = directory();
    const deltas = deltaStore(cacheOver(fileStore(join(path, "store")), (slots[kind] as () => object)()));
    await deltas.put("secret-name/1", FIRST);
    await deltas.put("secret-name/2", SECOND);
    await deltas.get("secret-name/2");
    const marks = [FIRST.subarray(0, 64), SECOND.subarray(48_000, 48_032), Buffer.from("secret-name")];
    const digests = [FIRST, SECOND].map((bytes) => Buffer.from(digestOf(bytes) as string));
    for await (const file of filesIn(path))
      for (const each of [...marks, ...digests]) expect(file.indexOf(each)).toBe(-1);
  });

  it("can all be read whoever was first, when many write at once", async () => {
    const store = fileStore(join(directory(), "store"));
    const writers = Array.from({ length: 6 }, (_, i) => ({
      deltas: deltaStore(cacheOver(store, {})),
      name: `a/${i}`,
      bytes: release("plain text of a release", `by ${i}`),
    }));
    await Promise.all(writers.map(({ deltas, name, bytes }) => deltas.put(name, bytes)));
    await Promise.all(writers.map(({ deltas, name, bytes }) => deltas.put(`${name} again`, bytes)));
    const reader = deltaStore(cacheOver(store, {}));
    for (const { name, bytes } of writers) {
      expect(digestOf(await reader.get(name))).toBe(digestOf(bytes));
      expect(digestOf(await reader.get(`${name} again`))).toBe(digestOf(bytes));
    }
    expect(await reader.verify()).toMatchObject({ ok: 12, problems: [] });
  });
});
