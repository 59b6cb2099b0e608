import { mkdirSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Name } from "@cache/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Eviction, type FileStore, type FileStoreOptions, fileStore } from "../src/index.ts";
import { bytesOf, failureOf, fileOf, nameOf, namesIn, newDirectory } from "./directories.ts";

const UNIT = 4096;
const TIB = 2 ** 40;
const blob = (n: number): Name => nameOf(`value ${n}`);
const countOf = async (store: FileStore): Promise<number> => (await namesIn(store, "blobs")).length;

async function filled(count: number, options: FileStoreOptions): Promise<FileStore> {
  const store = fileStore(newDirectory(), options);
  for (let n = 0; n < count; n++) await store.put(blob(n), bytesOf(10, n));
  await store.maintenance.evict();
  return store;
}

afterEach(() => {
  vi.useRealTimers();
});

describe("evict", () => {
  it("that is aborted rejects with the signal's reason, tells no failure and pauses nothing", async () => {
    const evictions: Eviction[] = [];
    const onEviction = (eviction: Eviction) => evictions.push(eviction);
    const store = await filled(600, { maxEntries: 600, onEviction });
    const reason = new Error("no more time");
    const controller = new AbortController();
    const evicting = store.maintenance.evict({ signal: controller.signal });
    setImmediate(() => controller.abort(reason));
    expect(await failureOf(evicting)).toBe(reason);
    expect(evictions).toEqual([]);
    for (let n = 600; n < 700; n++) await store.put(blob(n), bytesOf(10, n));
    await pause(300);
    expect(await countOf(store)).toBeLessThanOrEqual(602);
  });

  it("that is aborted between removals tells what went", async () => {
    const evictions: Eviction[] = [];
    const plain = await filled(300, {});
    const onEviction = (eviction: Eviction) => evictions.push(eviction);
    const store = fileStore(plain.directory, { maxEntries: 10, onEviction });
    const controller = new AbortController();
    const signal = controller.signal;
    const evicting = store.maintenance.evict({ signal });
    const watching = (async () => {
      while ((await countOf(plain)) === 300) await new Promise(setImmediate);
      controller.abort();
    })();
    expect(await failureOf(evicting)).toBe(await watching.then(() => signal.reason));
    const left = await countOf(plain);
    expect(left).toBeGreaterThan(10);
    expect(evictions).toEqual([{ count: 300 - left, bytes: (300 - left) * UNIT, failed: 0, error: undefined }]);
  });
});

describe("a bound", () => {
  it("holds though the clock was set back after a reduction that could not make room", async () => {
    const store = await filled(10, { maxEntries: 10 });
    const temporary = join(store.directory, "v1", "tmp");
    const away = join(store.directory, "away");
    // Without it no ledger can be begun, and nothing can be moved out of sight.
    renameSync(temporary, away);
    writeFileSync(temporary, "");
    expect((await store.maintenance.evict()).error).toBeDefined();
    rmSync(temporary);
    renameSync(away, temporary);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 3_600_000 });
    for (let n = 100; n < 200; n++) await store.put(blob(n), bytesOf(10, n));
    await pause(1200);
    await store.put(blob(200), bytesOf(10));
    await pause(300);
    expect(await countOf(store)).toBeLessThanOrEqual(11);
  });

  it.each<[string, (store: FileStore) => string]>([
    ["a value", ({ directory }) => fileOf(directory, blob(99))],
    ["a note", ({ directory }) => fileOf(directory, blob(99)).replace("blobs", "notes")],
    ["a note of a value", ({ directory }) => fileOf(directory, blob(0)).replace("blobs", "notes")],
    ["quarantine", ({ directory }) => join(directory, "v1", "quarantine", "giant")],
  ])("lets %s that is alone over it go first, and nothing else for it", async (_, placeIn) => {
    const store = await filled(50, { maxBytes: 100 * UNIT });
    const path = placeIn(store);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, "");
    truncateSync(path, TIB);
    expect(await store.maintenance.evict()).toEqual({ count: 1, bytes: TIB, failed: 0, error: undefined });
    expect(await countOf(store)).toBe(50);
    expect(readdirSync(dirname(path)).filter((file) => path.endsWith(file))).toEqual([]);
  });
});
