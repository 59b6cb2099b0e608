import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { fileStore, type Quarantined } from "../src/index.ts";
import { bytesOf, nameOf, newDirectory, treeOf } from "./directories.ts";
import { Installed } from "./installed.ts";

const name = nameOf("a value");
const installed = new Installed();

describe("versions", () => {
  it("a thousand puts of the same bytes in a row give a thousand versions", async () => {
    const store = fileStore(newDirectory());
    const seen = new Set<string>();
    for (let count = 0; count < 1000; count++) {
      await store.put(name, bytesOf(10));
      seen.add((await store.stat(name))?.version ?? "none");
      if (count % 2 === 0) await store.delete(name);
    }
    expect(seen.size).toBe(1000);
  });

  it("the time of a value is this process's, and the same in stat and in a listing", async () => {
    const store = fileStore(newDirectory());
    for (let count = 0; count < 50; count++) {
      const before = Date.now();
      await store.put(name, bytesOf(10));
      const modified = (await store.stat(name))?.modified ?? 0;
      expect(modified).toBeGreaterThanOrEqual(before);
      expect(modified).toBeLessThanOrEqual(Date.now());
      for await (const row of store.list("blobs")) expect(row.modified).toBe(modified);
    }
  });

  it("a delete of one version leaves no trace beside the values, whether it took place or not", async () => {
    const directory = newDirectory();
    const store = fileStore(directory);
    await store.put(name, bytesOf(10));
    const version = (await store.stat(name))?.version;
    await store.put(name, bytesOf(20));
    await store.delete(name, { ifVersion: version });
    await store.delete(name, { ifVersion: version, quarantine: true });
    await store.delete(name, { ifVersion: (await store.stat(name))?.version });
    expect(treeOf(join(directory, "v1", "tmp"))).toEqual([]);
    expect(treeOf(join(directory, "v1", "quarantine"))).toEqual([]);
  });

  it.each([false, true])(
    "two processes: a delete of a version seen never undoes a put of another (quarantine: %s)",
    async (quarantine) => {
      const directory = newDirectory();
      await fileStore(directory).put(name, bytesOf(100));
      const deleter = installed.start(
        `const store = fileStore(args[0]);
         process.stdout.write("ready\\n");
         for (;;) {
           const seen = await store.stat("${name}");
           if (seen?.size === 100) await store.delete("${name}", { ifVersion: seen.version, quarantine: ${quarantine} });
           else await new Promise(setImmediate);
         }`,
        { args: [directory] },
      );
      await deleter.lines(1);
      const writer = await installed.run(
        `const store = fileStore(args[0]);
         const until = Date.now() + 2000;
         let lost = 0;
         while (Date.now() < until) {
           // A moment for the deleter to see the first, then the second lands as close to its delete as can be.
           await store.put("${name}", new Uint8Array(100));
           for (let spin = Math.random() * 20000; spin > 0; spin--);
           await store.put("${name}", new Uint8Array(200));
           let left = 200;
           while ((await store.stat("${name}"))?.size !== 200 && left > 0) {
             left--;
             await new Promise((resolve) => setTimeout(resolve, 1));
           }
           if (left === 0) lost++;
         }
         console.log("lost", lost);`,
        { args: [directory] },
      );
      deleter.process.kill("SIGKILL");
      await deleter.ended;
      expect(writer).toMatchObject({ out: "lost 0\n", err: "" });
    },
  );
});

describe("what is left over", () => {
  const old = Date.now() + 2 * 3_600_000;

  async function withLeftOvers(): Promise<{ directory: string; files: () => string[] }> {
    const directory = newDirectory();
    await fileStore(directory).put(name, bytesOf(10));
    const temporary = join(directory, "v1", "tmp");
    for (const file of ["5".repeat(32), "a torn one"]) writeFileSync(join(temporary, file), bytesOf(1000));
    mkdirSync(join(temporary, "a directory"));
    return { directory, files: () => readdirSync(temporary) };
  }

  it("temporary files are no values, and younger ones than the grace are never swept", async () => {
    const { directory, files } = await withLeftOvers();
    const store = fileStore(directory);
    for await (const row of store.list("blobs")) expect(row.name).toBe(name);
    expect(await store.maintenance.sweepTemporary()).toEqual({ count: 0, bytes: 0 });
    expect(await store.maintenance.sweepTemporary({ olderThan: "59m" })).toEqual({ count: 0, bytes: 0 });
    expect(files().length).toBe(3);
  });

  it("temporary files older than the grace are swept on request", async () => {
    const { directory, files } = await withLeftOvers();
    await new Promise((resolve) => setTimeout(resolve, 30));
    const { count, bytes } = await fileStore(directory).maintenance.sweepTemporary({ olderThan: 10 });
    expect(count).toBe(3);
    expect(bytes).toBeGreaterThanOrEqual(2000);
    expect(files()).toEqual([]);
    expect(await fileStore(directory).get(name)).toEqual(bytesOf(10));
  });

  it("temporary files older than an hour are swept by the first put of a store, and by no read", async () => {
    const { directory, files } = await withLeftOvers();
    vi.useFakeTimers({ toFake: ["Date"], now: old });
    try {
      const store = fileStore(directory);
      await store.get(name);
      await store.stat(name);
      for await (const _ of store.list("blobs"));
      expect(files().length).toBe(3);
      await store.put(name, bytesOf(20));
      await vi.waitFor(() => expect(files()).toEqual([]));
      expect(await store.get(name)).toEqual(bytesOf(20));
    } finally {
      vi.useRealTimers();
    }
  });

  it("quarantine keeps the bytes, says whose they were and since when, and is emptied on request", async () => {
    const directory = newDirectory();
    const store = fileStore(directory);
    const since = Date.now();
    for (const seed of [1, 2]) {
      await store.put(name, bytesOf(100, seed));
      await store.delete(name, { quarantine: true });
    }
    const entry = nameOf("an entry", "entries");
    await store.put(entry, bytesOf(7));
    await store.delete(entry, { quarantine: true, ifVersion: (await store.stat(entry))?.version });
    writeFileSync(join(directory, "v1", "quarantine", "a stray"), "");

    const rows: Quarantined[] = [];
    for await (const row of store.maintenance.quarantined()) rows.push(row);
    expect(rows.map((row) => [row.name, row.size]).sort()).toEqual(
      [
        [name, 100],
        [name, 100],
        [entry, 7],
        // What nobody of this package named.
        [undefined, 0],
      ].sort(),
    );
    for (const row of rows) expect(Math.abs(row.since - since)).toBeLessThan(5000);
    expect(await store.maintenance.purgeQuarantine({ olderThan: "1h" })).toEqual({ count: 0, bytes: 0 });
    expect(await store.maintenance.purgeQuarantine()).toEqual({ count: 4, bytes: 207 });
    for await (const _ of store.maintenance.quarantined()) expect.unreachable();
  });

  it("a nonsensical age is a TypeError, and an aborted sweep rejects with the reason", async () => {
    const { directory, files } = await withLeftOvers();
    const { maintenance } = fileStore(directory);
    for (const olderThan of ["soon", -1, Number.NaN]) {
      await expect(maintenance.sweepTemporary({ olderThan })).rejects.toBeInstanceOf(TypeError);
      await expect(maintenance.purgeQuarantine({ olderThan })).rejects.toBeInstanceOf(TypeError);
    }
    const reason = new Error("enough");
    await expect(maintenance.sweepTemporary({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(files().length).toBe(3);
  });
});
