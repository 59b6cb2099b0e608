import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Name } from "@cache/core";
import { describe, expect, it } from "vitest";
import { type FileStoreOptions, fileStore } from "../src/index.ts";
import { namesIn, newDirectory } from "./directories.ts";
import { Installed } from "./installed.ts";

const installed = new Installed();

/** In every program: values that say whether they are whole, and theirs. */
const VALUES = `
  import { createHash, randomBytes } from "node:crypto";
  const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
  const nameOf = (word) => (word % 2 ? "blobs/" : "entries/") + sha256("name " + word).toString("hex");
  const valueOf = (name, length) => {
    const body = Buffer.alloc(length, randomBytes(97));
    return new Uint8Array(Buffer.concat([sha256(name, body), body]));
  };
  const isWhole = (name, bytes) => sha256(name, bytes.subarray(32)).equals(bytes.subarray(0, 32));
  const draftOf = (name, bytes) => ({
    headLength: 32,
    body: (async function* () { for (let at = 32; at < bytes.length; at += 50_000) yield bytes.subarray(at, at + 50_000); })(),
    finish: () => ({ name, head: bytes.subarray(0, 32) }),
  });`;

const HAMMER = `${VALUES}
  const store = fileStore(args[0], JSON.parse(args[1]));
  const pick = (count) => Math.floor(Math.random() * count);
  const lengths = [0, 10, 1000, 30_000, 200_000, 1_500_000];
  const counts = { put: 0, got: 0, opened: 0, listed: 0, wrong: 0 };
  const check = (name, bytes) => { if (!isWhole(name, bytes)) counts.wrong++; };
  const join = async (pieces) => { const all = []; for await (const piece of pieces) all.push(piece); return Buffer.concat(all); };
  const acts = [
    async (name) => { await store.put(name, valueOf(name, lengths[pick(6)])); counts.put++; },
    async (name) => { await store.put(name, valueOf(name, lengths[pick(5)]), { ifAbsent: true }); counts.put++; },
    async (name) => { await store.putStream(draftOf(name, valueOf(name, lengths[pick(6)]))); counts.put++; },
    async (name) => { const bytes = await store.get(name); if (bytes) { check(name, bytes); counts.got++; } },
    async (name) => { const pieces = await store.open(name); if (pieces) { check(name, await join(pieces)); counts.opened++; } },
    async (name) => { await store.delete(name, { quarantine: pick(8) === 0 }); },
    async (name) => { const seen = await store.stat(name); if (seen) await store.delete(name, { ifVersion: seen.version }); },
    async () => { for await (const row of store.list(pick(2) ? "blobs" : "entries")) if (row.name.length > 80) counts.wrong++; counts.listed++; },
    async () => { await store.maintenance.sweepTemporary(); await store.maintenance.purgeQuarantine(); },
  ];
  const weights = [0, 0, 0, 1, 2, 3, 3, 3, 3, 3, 4, 4, 5, 6, 7, 8];
  const until = Date.now() + 2500;
  const worker = async () => { while (Date.now() < until) await acts[weights[pick(16)]](nameOf(pick(40))); };
  await Promise.all([worker(), worker(), worker()]);
  console.log(JSON.stringify(counts));`;

function isWhole(name: Name, bytes: Uint8Array): boolean {
  const digest = createHash("sha256").update(name).update(bytes.subarray(32)).digest();
  return digest.equals(bytes.subarray(0, 32));
}

describe("many processes on one directory", () => {
  it.each([{ levels: 1 }, { levels: 2 }] as const)(
    "eight at once that put, get, delete and list see no wrong byte and no error: %j",
    async (options: FileStoreOptions) => {
      const directory = newDirectory();
      const args = [directory, JSON.stringify(options)];
      const ended = await Promise.all(Array.from({ length: 8 }, () => installed.run(HAMMER, { args })));
      for (const { code, out, err } of ended) {
        expect({ code, err }).toEqual({ code: 0, err: "" });
        const counts = JSON.parse(out);
        expect(counts.wrong).toBe(0);
        for (const done of ["put", "got", "opened", "listed"]) expect(counts[done], done).toBeGreaterThan(0);
      }
      expect(readdirSync(join(directory, "v1", "tmp"))).toEqual([]);
      const store = fileStore(directory);
      for (const name of [...(await namesIn(store, "blobs")), ...(await namesIn(store, "entries"))]) {
        expect(isWhole(name, (await store.get(name)) as Uint8Array)).toBe(true);
      }
    },
  );

  it("whichever of many first ones makes the store, all of them use it", async () => {
    for (let round = 0; round < 3; round++) {
      const directory = join(newDirectory(), "a", "b");
      const program = `${VALUES}
        const name = nameOf(Number(args[1]));
        await fileStore(args[0]).put(name, valueOf(name, 100));
        console.log(name);`;
      const runs = Array.from({ length: 8 }, (_, word) => installed.run(program, { args: [directory, String(word)] }));
      const ended = await Promise.all(runs);
      expect(ended.map(({ err }) => err).join("")).toBe("");
      const store = fileStore(directory);
      for (const { out } of ended) {
        const name = out.trim() as Name;
        expect(isWhole(name, (await store.get(name)) as Uint8Array)).toBe(true);
      }
    }
  });

  it.each([false, true])(
    "M24: a writer that is killed loses no value it had finished, and leaves none unfinished (durable: %s)",
    async (durable) => {
      const directory = newDirectory();
      const finished = new Map<string, string>();
      for (let round = 0; round < 12; round++) {
        const writer = installed.start(
          `${VALUES}
         import { writeSync } from "node:fs";
         const store = fileStore(args[0], { durable: ${durable} });
         for (let count = 0; ; count++) {
           const name = nameOf(count % 60);
           const bytes = valueOf(name, [100, 20_000, 3_000_000][count % 3]);
           writeSync(1, "begin " + name + " " + sha256(bytes).toString("hex") + "\\n");
           if (count % 2) await store.put(name, bytes); else await store.putStream(draftOf(name, bytes));
           writeSync(1, "end " + name + "\\n");
         }`,
          { args: [directory] },
        );
        await writer.lines(2);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
        writer.process.kill("SIGKILL");
        await expectSound(directory, finished, (await writer.ended).out);
      }
      const store = fileStore(directory);
      await store.maintenance.sweepTemporary({ olderThan: 1 });
      expect(readdirSync(join(directory, "v1", "tmp"))).toEqual([]);
    },
  );
});

/** Every finished value is there, as it was or as the put that was under way would have had it. */
async function expectSound(directory: string, finished: Map<string, string>, printed: string): Promise<void> {
  const begun = new Map<string, string>();
  for (const line of printed.split("\n").slice(0, -1)) {
    const [word, name, digest] = line.split(" ") as [string, string, string];
    if (word === "begin") begun.set(name, digest);
    else finished.set(name, begun.get(name) as string);
  }
  const store = fileStore(directory);
  for (const [name, digest] of finished) {
    const bytes = await store.get(name as Name);
    if (bytes === undefined) throw new Error("a finished value is gone");
    const now = createHash("sha256").update(bytes).digest("hex");
    expect([digest, begun.get(name)]).toContain(now);
    finished.set(name, now);
  }
  for (const name of [...(await namesIn(store, "blobs")), ...(await namesIn(store, "entries"))]) {
    expect(isWhole(name, (await store.get(name)) as Uint8Array)).toBe(true);
  }
}
