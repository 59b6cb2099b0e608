import {
  appendFileSync,
  chownSync,
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import type { Name } from "@cache/core";
import { describe, expect, it, vi } from "vitest";
import { type Eviction, type FileStore, type FileStoreOptions, fileStore } from "../src/index.ts";
import { bytesOf, fileOf, nameOf, namesIn, newBase, newDirectory } from "./directories.ts";

const UNIT = 4096;
const blob = (n: number): Name => nameOf(`value ${n}`);
const ledgerOf = (store: FileStore): string => join(store.directory, "v1", "ledger");
const countOf = async (store: FileStore): Promise<number> => (await namesIn(store, "blobs")).length;

let made = 0;
/** A ledger of another process, which claims so much of a limit. */
const claim = (bytes: number): string =>
  `ledger 1 ${String(made++).padStart(32, "0")} ${Math.floor(bytes)} 200 ${Date.now()}\n`;

async function filled(count: number, options: FileStoreOptions): Promise<FileStore> {
  const store = fileStore(newDirectory(), options);
  for (let n = 0; n < count; n++) await store.put(blob(n), bytesOf(10, n));
  await store.maintenance.evict();
  return store;
}

describe("a number that somebody wrote into the ledger", () => {
  it.each([1.01, 1.06, 1.12, 1.5, 1e6])("empties no store, however often it says %f of the limit", async (share) => {
    const limits = { maxBytes: 400 * UNIT };
    const store = await filled(200, limits);
    for (let round = 0; round < 3; round++) {
      writeFileSync(ledgerOf(store), claim(400 * UNIT * share));
      await store.put(blob(1000 + round), bytesOf(10));
      // Another process has seen nothing itself, and has to look first as well.
      await fileStore(store.directory, limits).put(blob(2000 + round), bytesOf(10));
      await pause(300);
    }
    expect(await countOf(store)).toBe(206);
  });

  it("empties no store while all is counted, or while others go", async () => {
    const store = await filled(500, { maxBytes: 1000 * UNIT });
    for (let turns = 1; turns < 6; turns++) {
      const evicting = store.maintenance.evict();
      for (let turn = 0; turn < turns; turn++) await nextTurn();
      appendFileSync(ledgerOf(store), "99999999999999 0\n");
      expect(await evicting).toMatchObject({ count: 0 });
    }
    expect(await countOf(store)).toBe(500);
  });

  it("costs a full store no more than a sixteenth, even when it comes between removals", async () => {
    const store = fileStore(newDirectory(), { maxBytes: 640 * UNIT });
    const appending = (async () => {
      for (let times = 0; times < 200; times++) {
        await pause(2);
        try {
          appendFileSync(ledgerOf(store), "999999999999 0\n");
        } catch {
          // The store is not made yet.
        }
      }
    })();
    for (let n = 0; n < 1200; n++) await store.put(blob(n), bytesOf(10, n));
    await appending;
    await store.maintenance.evict();
    const left = await countOf(store);
    expect(left).toBeLessThanOrEqual(640);
    expect(left).toBeGreaterThanOrEqual((640 * 15) / 16 - 1);
  });

  it("does not empty a store that is too large to be looked at as a whole; a true one makes it smaller", async () => {
    const store = await filled(1, {});
    for (let n = 1; n < 18_000; n++) {
      const path = fileOf(store.directory, blob(n));
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(path, "");
    }
    const { directory } = store;
    for (const share of [1.01, 1.08, 1.3]) {
      const claimed = claim(20_000 * UNIT * share);
      writeFileSync(ledgerOf(store), claimed);
      const another = fileStore(directory, { maxBytes: 20_000 * UNIT });
      await another.put(blob(0), bytesOf(10));
      await vi.waitFor(() => expect(readFileSync(ledgerOf(store), "utf8")).not.toContain(claimed), 20_000);
      expect(await another.maintenance.evict()).toMatchObject({ count: 0 });
    }
    expect(await countOf(store)).toBe(18_000);
    writeFileSync(ledgerOf(store), claim(18_000 * UNIT));
    const evicted = new Promise<Eviction>((onEviction) => {
      void fileStore(directory, { maxBytes: 17_500 * UNIT, onEviction }).put(blob(0), bytesOf(10));
    });
    expect(await evicted).toMatchObject({ count: 500 });
    expect(await countOf(store)).toBe(17_500);
  });

  it("does not let a store grow far beyond its limit: less than nothing, again and again", async () => {
    const store = await filled(90, { maxBytes: 100 * UNIT });
    for (let n = 100; n < 300; n++) {
      appendFileSync(ledgerOf(store), `-${UNIT} -1\n`);
      await store.put(blob(n), bytesOf(10, n));
      if (n % 20 === 0) await pause(150);
    }
    await pause(300);
    expect(await countOf(store)).toBeLessThanOrEqual((100 * 17) / 16 + 1);
  });
});

it("a ledger of yesterday, or of tomorrow, is counted anew once", async () => {
  const store = await filled(50, { maxBytes: 100 * UNIT });
  for (const days of [-2, 2]) {
    const counted = Date.now() + days * 86_400_000;
    const text = readFileSync(ledgerOf(store), "utf8").replace(/ \d+\n$/, ` ${counted}\n`);
    writeFileSync(ledgerOf(store), text);
    const another = fileStore(store.directory, { maxBytes: 100 * UNIT });
    await another.put(blob(0), bytesOf(10));
    await vi.waitFor(() => expect(readFileSync(ledgerOf(store), "utf8")).not.toContain(` ${counted}`));
    const [first] = readFileSync(ledgerOf(store), "utf8").split("\n") as [string];
    expect(Math.abs(Date.now() - Number(first.split(" ")[5]))).toBeLessThan(60_000);
    expect(await countOf(store)).toBe(50);
  }
});

describe("another file in the ledger's place", () => {
  const limits = { maxBytes: 100 * UNIT };

  it("that is a hard link gets no line, and the limit holds", async () => {
    const store = await filled(50, limits);
    for (const text of ["precious\n", claim(50 * UNIT)]) {
      const precious = join(newBase(), "precious");
      writeFileSync(precious, text);
      rmSync(ledgerOf(store));
      linkSync(precious, ledgerOf(store));
      for (let n = 0; n < 200; n++) await store.put(blob(n), bytesOf(10, n));
      await store.maintenance.evict();
      expect(readFileSync(precious, "utf8")).toBe(text);
      expect(await countOf(store)).toBeLessThanOrEqual(100);
    }
  });

  it.runIf(process.geteuid?.() === 0)("that is another user's gets no line, and the limit holds", async () => {
    const store = await filled(50, limits);
    const text = claim(50 * UNIT);
    const path = join(dirname(ledgerOf(store)), "tmp", "theirs");
    writeFileSync(path, text);
    chownSync(path, 12345, 12345);
    const fd = openSync(path, "r");
    renameSync(path, ledgerOf(store));
    for (let n = 0; n < 200; n++) await store.put(blob(n), bytesOf(10, n));
    await store.maintenance.evict();
    expect(readFileSync(fd, "utf8")).toBe(text);
    closeSync(fd);
    expect(await countOf(store)).toBeLessThanOrEqual(100);
  });

  it("that does not begin as a ledger does gets no line before it is replaced", async () => {
    const store = await filled(50, limits);
    const other = new Uint8Array(Buffer.from("another program's notes\n"));
    writeFileSync(ledgerOf(store), other);
    // Its end tells what is left without waiting for a count.
    await store.put(blob(50), bytesOf(10));
    process.emit("exit", 0);
    expect(new Uint8Array(readFileSync(ledgerOf(store)))).toEqual(other);
    await pause(300);
    expect(readFileSync(ledgerOf(store), "utf8")).toMatch(/^ledger 1 /);
    expect(await countOf(store)).toBe(51);
  });
});
