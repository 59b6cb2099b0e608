import { execFileSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Name } from "@cache/core";
import { collect } from "@cache/core/bytes";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Eviction, type FileStore, fileStore } from "../src/index.ts";
import { bytesOf, failureOf, nameOf, newDirectory } from "./directories.ts";
import { Installed } from "./installed.ts";

const KB = 1024;
const UNIT = 4 * KB;
const blob = (n: number): Name => nameOf(`value ${n}`);
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What everything in a store takes, by the rule of the documentation, and how many values there are. */
function takenIn(directory: string): { bytes: number; entries: number } {
  let [bytes, entries] = [0, 0];
  for (const kind of ["blobs", "entries", "notes", "quarantine"]) {
    const top = join(directory, "v1", kind);
    for (const file of readdirSync(top, { recursive: true, encoding: "utf8" })) {
      const found = lstatSync(join(top, file));
      if (!found.isFile()) continue;
      bytes += Math.max(1, Math.ceil(found.size / UNIT)) * UNIT;
      if (kind === "blobs" || kind === "entries") entries++;
    }
  }
  return { bytes, entries };
}

async function which(store: FileStore, count: number): Promise<number[]> {
  const there: number[] = [];
  for (let n = 0; n < count; n++) if ((await store.stat(blob(n))) !== undefined) there.push(n);
  return there;
}

afterEach(() => {
  vi.useRealTimers();
});

describe("a store with limits", () => {
  it("stays within maxBytes while it is filled, and keeps what came last", async () => {
    const store = fileStore(newDirectory(), { maxBytes: 400 * KB });
    for (let n = 0; n < 400; n++) {
      await store.put(blob(n), bytesOf(3 * KB, n));
      if (n % 20 === 19) expect(takenIn(store.directory).bytes).toBeLessThanOrEqual((400 * KB * 17) / 16 + UNIT);
    }
    await store.maintenance.evict();
    expect(takenIn(store.directory).bytes).toBeLessThanOrEqual(400 * KB);
    const there = await which(store, 400);
    expect(there.length).toBeGreaterThanOrEqual(85);
    expect(there.slice(-50)).toEqual(Array.from({ length: 50 }, (_, at) => 350 + at));
  });

  it("stays within maxEntries", async () => {
    const store = fileStore(newDirectory(), { maxEntries: 50 });
    for (let n = 0; n < 200; n++) await store.put(blob(n), bytesOf(10, n));
    await store.maintenance.evict();
    const { entries } = takenIn(store.directory);
    expect(entries).toBeLessThanOrEqual(50);
    expect(entries).toBeGreaterThan(40);
  });

  it("lets go first what was used least recently, by this process or another", async () => {
    const directory = newDirectory();
    const store = fileStore(directory, { maxEntries: 10 });
    for (let n = 0; n < 10; n++) {
      await store.put(blob(n), bytesOf(10, n));
      await pause(10);
    }
    await fileStore(directory, { maxEntries: 10 }).get(blob(0));
    for await (const _ of (await store.open(blob(1))) ?? []);
    await pause(10);
    for (let n = 10; n < 14; n++) await store.put(blob(n), bytesOf(10, n));
    await store.maintenance.evict();
    expect(await which(store, 14)).toEqual([0, 1, 6, 7, 8, 9, 10, 11, 12, 13]);
  });

  it("a scan that only writes does not wash out what is in use", async () => {
    const store = fileStore(newDirectory(), { maxEntries: 40 });
    for (let n = 0; n < 10; n++) await store.put(blob(n), bytesOf(10, n));
    await pause(1100);
    for (let n = 0; n < 10; n++) await store.get(blob(n));
    for (let n = 10; n < 40; n++) await store.put(blob(n), bytesOf(10, n));
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_000 });
    for (let n = 40; n < 60; n++) await store.put(blob(n), bytesOf(10, n));
    await store.maintenance.evict();
    expect((await which(store, 60)).slice(0, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("takes a value and its note away together, and notes about nothing first of all that is as old", async () => {
    const store = fileStore(newDirectory(), { maxBytes: 40 * UNIT });
    const note = (n: number): Name => blob(n).replace("blobs", "notes") as Name;
    for (let n = 0; n < 100; n++) {
      await store.put(blob(n), bytesOf(10, n));
      await store.put(note(n), bytesOf(10, n));
    }
    await store.maintenance.evict();
    const there = await which(store, 100);
    expect(there.length).toBeGreaterThan(15);
    for (let n = 0; n < 100; n++)
      expect((await store.stat(note(n))) !== undefined, `note ${n}`).toBe(there.includes(n));
    for (const n of there) await store.delete(blob(n));
    for (let n = 100; n < 145; n++) await store.put(blob(n), bytesOf(10, n));
    await store.maintenance.evict();
    for (let n = 0; n < 100; n++) expect(await store.stat(note(n))).toBeUndefined();
  });

  it("refuses what it could not keep even alone, and keeps what was there under the name", async () => {
    const store = fileStore(newDirectory(), { maxBytes: 64 * KB });
    await store.put(blob(1), bytesOf(10));
    expect(await failureOf(store.put(blob(1), bytesOf(65 * KB)))).toMatchObject({ code: "ERR_CACHE_LIMIT" });
    let read = 0;
    async function* endless() {
      for (;;) {
        read += KB;
        yield bytesOf(KB);
      }
    }
    const finish = () => ({ name: blob(1), head: new Uint8Array(0) });
    const streaming = store.putStream({ headLength: 0, body: endless(), finish });
    expect(await failureOf(streaming)).toMatchObject({ code: "ERR_CACHE_LIMIT" });
    // What is left is for its entry and their notes.
    expect(read).toBe(53 * KB);
    expect(await store.get(blob(1))).toEqual(bytesOf(10));
    expect(readdirSync(join(store.directory, "v1", "tmp"))).toEqual([]);
  });

  it("counts streams and replacements by what they change, and deletes by what they free", async () => {
    const directory = newDirectory();
    const evictions: Eviction[] = [];
    const store = fileStore(directory, { maxBytes: 100 * UNIT, onEviction: (eviction) => evictions.push(eviction) });
    for (let round = 0; round < 10; round++) {
      for (let n = 0; n < 20; n++) await store.put(blob(n), bytesOf(2 * UNIT, round));
      const body = (async function* () {
        yield bytesOf(30 * UNIT, round);
      })();
      await store.putStream({ headLength: 0, body, finish: () => ({ name: blob(99), head: new Uint8Array(0) }) });
      for (let n = 0; n < 10; n++) await store.delete(blob(n));
    }
    await pause(150);
    expect(evictions).toEqual([]);
    const [line, ...changes] = readFileSync(join(directory, "v1", "ledger"), "utf8")
      .trim()
      .split("\n");
    const first = (line as string).split(" ").slice(3, 5).map(Number);
    const told = changes.map((change) => change.split(" ").map(Number));
    const total = [first, ...told].reduce((sum, each) => sum.map((value, at) => value + (each[at] as number)));
    const taken = takenIn(directory);
    expect(total).toEqual([taken.bytes, taken.entries]);
  });

  it("what is set aside takes room too, and goes like the rest", async () => {
    const store = fileStore(newDirectory(), { maxBytes: 20 * UNIT });
    for (let n = 0; n < 40; n++) {
      await store.put(blob(n), bytesOf(10, n));
      await store.delete(blob(n), { quarantine: true });
    }
    await store.maintenance.evict();
    expect(takenIn(store.directory).bytes).toBeLessThanOrEqual(20 * UNIT);
    await store.maintenance.purgeQuarantine();
    for (let n = 0; n < 20; n++) await store.put(blob(n), bytesOf(10, n));
    await pause(150);
    expect(await which(store, 20)).toHaveLength(20);
  });

  it("a reader goes on with what is evicted while it reads", async () => {
    const store = fileStore(newDirectory(), { maxBytes: 4000 * KB });
    const large = bytesOf(3000 * KB);
    await store.put(blob(0), large);
    const pieces = (await store.open(blob(0))) as AsyncIterable<Uint8Array>;
    await pause(10);
    for (let n = 1; n < 10; n++) await store.put(blob(n), bytesOf(1000 * KB, n));
    await store.maintenance.evict();
    expect(await store.stat(blob(0))).toBeUndefined();
    expect(Buffer.compare(await collect(pieces), large)).toBe(0);
  });

  it("tells what it evicted; a listener that throws, now or later, breaks nothing", async () => {
    let freed = 0;
    const store = fileStore(newDirectory(), {
      maxEntries: 5,
      onEviction({ count, bytes }) {
        freed += count;
        expect(bytes).toBe(count * UNIT);
        throw new Error("a listener");
      },
    });
    for (let n = 0; n < 20; n++) await store.put(blob(n), bytesOf(10, n));
    await store.maintenance.evict();
    expect(freed).toBe(20 - takenIn(store.directory).entries);
    const later = fileStore(newDirectory(), {
      maxEntries: 2,
      onEviction: async () => Promise.reject(new Error("later")),
    });
    for (let n = 0; n < 6; n++) await later.put(blob(n), bytesOf(10, n));
    await later.maintenance.evict();
  });

  it("refuses limits that are none", () => {
    for (const maxBytes of ["much", -1, 0, 16_383, 1.5, null as never]) {
      expect(() => fileStore(newDirectory(), { maxBytes })).toThrow(TypeError);
    }
    for (const maxEntries of [0, 1, -1, 2.5, Number.NaN, "5" as never, null as never]) {
      expect(() => fileStore(newDirectory(), { maxEntries })).toThrow(TypeError);
    }
    expect(() => fileStore(newDirectory(), { onEviction: 1 as never })).toThrow(TypeError);
  });

  it("without limits nothing is counted, and evict does nothing", async () => {
    const store = fileStore(newDirectory());
    await store.put(blob(1), bytesOf(10));
    expect(await store.maintenance.evict()).toEqual({ count: 0, bytes: 0, failed: 0 });
    expect(readdirSync(join(store.directory, "v1"))).not.toContain("ledger");
  });
});

describe("the ledger", () => {
  const limits = { maxBytes: 100 * UNIT };

  async function half(directory: string): Promise<FileStore> {
    const store = fileStore(directory, limits);
    for (let n = 0; n < 50; n++) await store.put(blob(n), bytesOf(10, n));
    await store.maintenance.evict();
    return store;
  }

  const instead = (make: (path: string) => unknown) => (path: string) => {
    rmSync(path);
    make(path);
  };

  it.each<[string, (path: string) => void]>([
    ["is garbage", (path) => writeFileSync(path, "garbage\n")],
    ["is empty", (path) => truncateSync(path, 0)],
    ["is cut within a line", (path) => truncateSync(path, 20)],
    [
      "tells of far too much",
      (path) => writeFileSync(path, `ledger 1 ${"a".repeat(32)} 999999999999 9999 ${Date.now()}\n`),
    ],
    ["tells of less than nothing", (path) => writeFileSync(path, `${readFileSync(path, "utf8")}-99999999 -9999\n`)],
    ["has a line that is none", (path) => writeFileSync(path, `${readFileSync(path, "utf8")}many\n`)],
    ["is gone", (path) => rmSync(path)],
    ["is a directory", instead((path) => mkdirSync(path))],
    ["is a link", instead((path) => symlinkSync("/dev/zero", path))],
    ["is a FIFO", instead((path) => execFileSync("mkfifo", [path]))],
    ["is of megabytes", (path) => writeFileSync(path, Buffer.alloc(5_000_000, "1 1\n"))],
  ])("that %s is counted anew: nothing goes without need, and the limit holds", async (_, damage) => {
    const directory = newDirectory();
    await half(directory);
    damage(join(directory, "v1", "ledger"));
    const store = fileStore(directory, limits);
    await store.put(blob(50), bytesOf(10));
    await pause(300);
    expect(await which(store, 51)).toHaveLength(51);
    for (let n = 51; n < 200; n++) await store.put(blob(n), bytesOf(10, n));
    await pause(300);
    expect(takenIn(directory).bytes).toBeLessThanOrEqual(limits.maxBytes);
  });

  it("knows what each of several processes put, also of those that put one value and end", async () => {
    const directory = newDirectory();
    const programs = new Installed();
    const program = `
      const store = fileStore(args[0], ${JSON.stringify(limits)});
      await store.put("blobs/" + args[1].padStart(64, "0"), new Uint8Array(20_000));
    `;
    for (let n = 10; n < 50; n++) {
      expect(await programs.run(program, { args: [directory, String(n)] })).toMatchObject({ code: 0, err: "" });
    }
    expect(takenIn(directory).bytes).toBeLessThanOrEqual((limits.maxBytes * 17) / 16 + 5 * UNIT);
  });
});
