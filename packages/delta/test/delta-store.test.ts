import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cache, createCache, type Store } from "@cache/core";
import { collectGarbage } from "@cache/core/maintenance";
import { copyInsertEngine, type DeltaEngine, type DeltaEvent, type DeltaVersion, deltaStore } from "@cache/delta";
import { describe, expect, it, onTestFinished } from "vitest";
import { collect, edited, joined, memory, noise, plainCache, sha256 } from "./inputs.ts";

const FIRST = noise(300_000, 1);
const SECOND = edited(FIRST, 2);
const THIRD = edited(SECOND, 3);
const DAY = 86_400_000;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "delta-test-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

async function listed(versions: AsyncIterable<DeltaVersion>): Promise<Record<string, DeltaVersion>> {
  const all: Record<string, DeltaVersion> = {};
  for await (const version of versions) all[version.name] = version;
  return all;
}

async function names(store: Store): Promise<string[]> {
  const all: string[] = [];
  for (const kind of ["entries", "blobs"] as const) for await (const { name } of store.list(kind)) all.push(name);
  return all;
}

/** Removes or alters stored content. */
async function harm(store: Store, digest: string, how: "removed" | "altered"): Promise<void> {
  const name = `blobs/${digest}` as const;
  const bytes = (await store.get(name)) as Uint8Array;
  await store.delete(name);
  if (how === "altered")
    await store.put(
      name,
      bytes.map((byte, at) => (at === 5 ? byte ^ 1 : byte)),
    );
}

describe("deltaStore", () => {
  it("gives back every version, and keeps those that resemble the first as deltas to it", async () => {
    const deltas = deltaStore(plainCache());
    expect(await deltas.put("app/1.tgz", FIRST)).toEqual({ name: "app/1.tgz", digest: sha256(FIRST), size: 300_000 });
    const second = await deltas.put("app/2.tgz", SECOND);
    expect(second.delta).toMatchObject({
      engine: "copy-insert-1",
      reference: { digest: sha256(FIRST), size: FIRST.byteLength },
    });
    expect(second.delta?.size).toBeLessThan(1500);
    await deltas.put("app/3.tgz", THIRD);
    for (const [name, bytes] of [
      ["app/1.tgz", FIRST],
      ["app/2.tgz", SECOND],
      ["app/3.tgz", THIRD],
    ] as const) {
      expect(await deltas.get(name)).toEqual(bytes);
    }
    expect(await deltas.get("app/4.tgz")).toBeUndefined();
  });

  it("takes files by their paths and gives files, which it leaves as they are", async () => {
    const path = folder();
    const deltas = deltaStore(plainCache());
    writeFileSync(join(path, "first"), FIRST);
    writeFileSync(join(path, "second"), SECOND);
    await deltas.put("a/1", join(path, "first"));
    expect((await deltas.put("a/2", join(path, "second"))).delta).toBeDefined();
    expect(readdirSync(path)).toEqual(["first", "second"]);
    expect(await deltas.toFile("a/2", join(path, "out"))).toBe(true);
    expect(readFileSync(join(path, "out"))).toEqual(Buffer.from(SECOND));
    expect(await deltas.toFile("a/3", join(path, "none"))).toBe(false);
    expect(readdirSync(path)).toEqual(["first", "out", "second"]);
    await expect(deltas.put("a/3", path)).rejects.toThrow();
    await expect(deltas.put("a/3", join(path, "missing"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("keeps empty files and files that are the same", async () => {
    const store = memory();
    const deltas = deltaStore(plainCache(store));
    for (const name of ["a/empty", "a/empty again"]) await deltas.put(name, new Uint8Array(0));
    expect(await deltas.get("a/empty again")).toEqual(new Uint8Array(0));
    for (const name of ["a/1", "a/2", "b/1"]) await deltas.put(name, FIRST);
    for (const name of ["a/1", "a/2", "b/1"]) expect(await deltas.get(name)).toEqual(FIRST);
    await deltas.put("a/3", SECOND);
    await deltas.put("a/4", SECOND);
    expect(await deltas.get("a/4")).toEqual(SECOND);
    expect((await names(store)).filter((name) => name.startsWith("blobs"))).toHaveLength(3);
    expect(await deltas.stats()).toMatchObject({ versions: 7, deltas: 2, references: 1 });
    expect(await deltaStore(plainCache()).stats()).toMatchObject({ versions: 0, bytesKept: 0, ratio: 1 });
  });

  it("stores a version whole when its delta is not worth it, and goes on from there", async () => {
    const deltas = deltaStore(plainCache());
    await deltas.put("a/1", FIRST);
    const other = noise(300_000, 9);
    expect((await deltas.put("a/2", other)).delta).toBeUndefined();
    expect((await deltas.put("a/3", edited(other, 1))).delta?.reference.digest).toBe(sha256(other));
    // The older reference is remembered for what resembles it.
    expect((await deltas.put("a/4", SECOND)).delta?.reference.digest).toBe(sha256(FIRST));
    expect((await deltaStore(plainCache(), { maxRatio: 0 }).put("a/1", FIRST)).delta).toBeUndefined();
  });

  it("leaves nothing of a delta that was not worth it", async () => {
    const store = memory();
    const deltas = deltaStore(plainCache(store), { maxRatio: 0.001 });
    await deltas.put("a/1", FIRST);
    expect((await deltas.put("a/2", SECOND)).delta).toBeUndefined();
    const blobs = (await names(store)).filter((name) => name.startsWith("blobs")).sort();
    expect(blobs).toEqual([`blobs/${sha256(FIRST)}`, `blobs/${sha256(SECOND)}`].sort());
  });

  it("compares versions with those of their own group", async () => {
    const deltas = deltaStore(plainCache());
    await deltas.put("a/1", FIRST);
    expect((await deltas.put("b/1", SECOND)).delta).toBeUndefined();
    expect((await deltas.put("1", SECOND)).delta).toBeUndefined();
    expect((await deltas.put("2", THIRD)).delta?.reference.digest).toBe(sha256(SECOND));
  });

  it("keeps names apart that differ in any way, and takes none for a path", async () => {
    const deltas = deltaStore(plainCache());
    const every = ["a/b", "a_b", "../b", "/b", "a/", "a//b", "\u0000", "é", "e\u0301"];
    for (const [i, name] of every.entries()) await deltas.put(name, noise(100 + i, i));
    for (const [i, name] of every.entries()) expect(await deltas.get(name)).toEqual(noise(100 + i, i));
    expect(Object.keys(await listed(deltas.list())).sort()).toEqual([...every].sort());
    expect(Object.keys(await listed(deltas.list("a/"))).sort()).toEqual(["a/", "a//b", "a/b"]);
    for (const name of ["", "x".repeat(4097), 1 as never])
      await expect(deltas.put(name, FIRST)).rejects.toThrow(TypeError);
  });

  it("lists and counts versions, and not what else is in the cache", async () => {
    const cache = plainCache();
    await cache.set("else", 1);
    await cache.blobs.put(noise(500, 1));
    const deltas = deltaStore(cache);
    await deltas.put("a/1", FIRST);
    const second = await deltas.put("a/2", SECOND);
    expect(await listed(deltas.list())).toMatchObject({ "a/1": { size: 300_000 }, "a/2": second });
    const kept = FIRST.byteLength + (second.delta?.size ?? 0);
    const given = FIRST.byteLength + SECOND.byteLength;
    const counts = { versions: 2, deltas: 1, references: 1 };
    expect(await deltas.stats()).toEqual({ ...counts, bytesGiven: given, bytesKept: kept, ratio: kept / given });
    expect(await cache.get("else")).toBe(1);
  });

  it("replaces a version of the same name", async () => {
    const deltas = deltaStore(plainCache());
    await deltas.put("a/1", FIRST);
    await deltas.put("a/1", SECOND);
    expect(await deltas.get("a/1")).toEqual(SECOND);
    expect(await deltas.stats()).toMatchObject({ versions: 1 });
  });

  it("takes the bytes as they are when it is called", async () => {
    const deltas = deltaStore(plainCache());
    const bytes = FIRST.slice();
    const putting = deltas.put("a/1", bytes);
    bytes.fill(0);
    await putting;
    expect(await deltas.get("a/1")).toEqual(FIRST);
  });
});

describe("versions in a store that loses or alters things", () => {
  async function filled(): Promise<{ store: Store; cache: Cache; second: DeltaVersion; events: DeltaEvent[] }> {
    const store = memory();
    const cache = plainCache(store);
    await deltaStore(cache).put("a/1", FIRST);
    return { store, cache, second: await deltaStore(cache).put("a/2", SECOND), events: [] };
  }

  it.each([
    ["reference", "removed", "lost"],
    ["reference", "altered", "rejected"],
    ["content", "removed", "lost"],
    ["content", "altered", "rejected"],
  ] as const)("are a miss and an event: the %s %s", async (part, how, type) => {
    const { store, cache, second, events } = await filled();
    await harm(store, (part === "reference" ? second.delta?.reference.digest : second.delta?.digest) as string, how);
    const deltas = deltaStore(cache, { onEvent: (event) => events.push(event), now: () => 5 });
    expect(await deltas.get("a/2")).toBeUndefined();
    const told =
      type === "lost" ? { type, level: "warning", part } : { type, level: "security", code: "ERR_CACHE_AUTH" };
    expect(events[0]).toMatchObject({ ...told, time: 5 });
    const path = folder();
    expect(await deltas.toFile("a/2", join(path, "out"))).toBe(false);
    expect(readdirSync(path)).toEqual([]);
    const report = await deltas.verify();
    expect(report.ok).toBe(part === "reference" ? 0 : 1);
    expect(report.lost + report.rejected).toBe(part === "reference" ? 2 : 1);
    expect(report.problems.map(({ name }) => name)).toContain("a/2");
  });

  it("are found to be rejected when it is their record that was altered", async () => {
    const { store, cache } = await filled();
    for await (const { name } of store.list("entries")) {
      const bytes = (await store.get(name)) as Uint8Array;
      await store.put(
        name,
        bytes.map((byte, at) => (at === bytes.byteLength - 1 ? byte ^ 1 : byte)),
      );
    }
    const events: DeltaEvent[] = [];
    const deltas = deltaStore(cache, { onEvent: (event) => events.push(event) });
    expect(await deltas.verify()).toMatchObject({ ok: 0, rejected: 2, problems: [{ type: "rejected" }, {}] });
    await deltaStore(plainCache(store)).put("a/3", THIRD);
    expect(await deltas.get("a/3")).toEqual(THIRD);
  });

  it("are healed by the next put", async () => {
    const { store, cache, second } = await filled();
    await harm(store, second.delta?.reference.digest as string, "removed");
    const deltas = deltaStore(cache);
    expect((await deltas.put("a/3", THIRD)).delta).toBeUndefined();
    await deltas.put("a/1", FIRST);
    expect(await deltas.get("a/2")).toEqual(SECOND);
    expect(await deltas.verify()).toMatchObject({ ok: 3, lost: 0, rejected: 0, problems: [] });
  });

  it("say with lookup what they are", async () => {
    const { store, cache, second } = await filled();
    const deltas = deltaStore(cache);
    expect(await deltas.lookup("a/2")).toEqual({ state: "hit", value: SECOND, version: second });
    expect(await deltas.lookup("a/9")).toEqual({ state: "miss" });
    await harm(store, second.delta?.digest as string, "altered");
    expect(await deltas.lookup("a/2")).toMatchObject({ state: "rejected", code: "ERR_CACHE_AUTH" });
    // By then it was set aside.
    expect(await deltas.lookup("a/2")).toEqual({ state: "miss" });
  });

  it("come piece by piece, and end with an error when they do not hold", async () => {
    const { store, cache, second } = await filled();
    const deltas = deltaStore(cache);
    const opened = await deltas.open("a/2");
    expect(opened.state === "hit" && (await collect(opened.value))).toEqual(SECOND);
    await harm(store, second.delta?.digest as string, "altered");
    const again = await deltas.open("a/2");
    if (again.state !== "hit") expect.unreachable();
    else await expect(collect(again.value)).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
  });

  it("do not become other versions by a record that lies", async () => {
    const { cache } = await filled();
    const records = cache.namespace<object>("deltas");
    const record = (await records.get("a/2")) as { digest: string; size: number; delta: object };
    const events: DeltaEvent[] = [];
    const deltas = deltaStore(cache, { onEvent: (event) => events.push(event) });
    for (const lie of [
      { ...record, digest: sha256(FIRST) },
      { ...record, size: record.size - 1 },
      { ...record, size: record.size + 1 },
      { format: 1, digest: sha256(FIRST), size: 10 },
    ]) {
      await records.set("a/2", lie);
      expect(await deltas.get("a/2")).toBeUndefined();
    }
    expect(events.map(({ type, part }) => `${type} ${part}`)).toEqual(Array(4).fill("rejected version"));
    for (const shape of [{}, null, { ...record, format: 2 }, { ...record, size: -1 }, { ...record, delta: {} }]) {
      await records.set("a/2", shape as object);
      expect(await deltas.lookup("a/2")).toMatchObject({ state: "rejected", code: "ERR_CACHE_CODEC" });
    }
  });

  it("take no more memory than was allowed, whatever their records say", async () => {
    const { cache, second } = await filled();
    const small = deltaStore(cache, { maxReferenceBytes: 1000 });
    await expect(small.get("a/2")).rejects.toMatchObject({ code: "ERR_CACHE_LIMIT" });
    expect(await small.verify()).toMatchObject({
      ok: 1,
      unreadable: 1,
      problems: [{ name: "a/2", type: "unreadable" }],
    });
    await expect(deltaStore(cache, { maxBufferedBytes: 1000 }).get("a/1")).rejects.toMatchObject({
      code: "ERR_CACHE_LIMIT",
    });
    const records = cache.namespace<object>("deltas");
    const delta = { ...second.delta, reference: { ...second.delta?.reference, size: 2 ** 50 } };
    await records.set("a/2", { format: 1, digest: second.digest, size: second.size, delta });
    await expect(deltaStore(cache).get("a/2")).rejects.toMatchObject({ code: "ERR_CACHE_LIMIT" });
    // A reference beyond the limit is nobody's.
    expect((await small.put("b/1", FIRST)).delta).toBeUndefined();
    expect((await small.put("b/2", SECOND)).delta).toBeUndefined();
  });

  it("are not there when the store fails, which is no miss", async () => {
    const { store } = await filled();
    const broken = { ...store, open: () => Promise.reject(new Error("gone")) } as unknown as Store;
    await expect(deltaStore(createCache({ store: broken })).get("a/2")).rejects.toMatchObject({
      code: "ERR_CACHE_STORE",
    });
    await expect(deltaStore(createCache({ store: broken })).verify()).rejects.toMatchObject({
      code: "ERR_CACHE_STORE",
    });
  });
});

describe("a collection of the cache", () => {
  it("keeps what any version needs, and removes the rest", async () => {
    const store = memory();
    const deltas = deltaStore(plainCache(store));
    for (const [name, bytes] of [
      ["a/1", FIRST],
      ["a/2", SECOND],
      ["a/3", THIRD],
    ] as const)
      await deltas.put(name, bytes);
    const later = { store, now: () => Date.now() + 40 * DAY };
    await deltas.delete("a/1");
    expect(await collectGarbage(later)).toMatchObject({ unreferencedBlobs: 0 });
    expect([await deltas.get("a/1"), await deltas.get("a/2")]).toEqual([undefined, SECOND]);
    await deltas.delete("a/2");
    expect(await collectGarbage(later)).toMatchObject({ unreferencedBlobs: 1 });
    expect(await deltas.get("a/3")).toEqual(THIRD);
    await deltas.delete("a/3");
    expect(await collectGarbage(later)).toMatchObject({ unreferencedBlobs: 2 });
    expect((await names(store)).filter((name) => name.startsWith("blobs"))).toEqual([]);
  });

  it("does not take a reference from under a version that is just being put", async () => {
    const store = memory();
    let time = Date.now();
    const now = () => time;
    const cache = createCache({ store, now });
    const name = `blobs/${sha256(FIRST)}` as const;
    await deltaStore(cache, { now }).put("a/1", FIRST);
    await deltaStore(cache, { now }).delete("a/1");
    // By now nothing needs the reference, and a collector may have judged this version of it.
    time += 40 * 60_000;
    expect(await collectGarbage({ store, now, keep: "35m", dryRun: true })).toMatchObject({ unreferencedBlobs: 1 });
    const judged = (await store.stat(name))?.version as string;
    await deltaStore(cache, { now }).put("a/2", SECOND);
    await store.delete(name, { ifVersion: judged });
    expect(await deltaStore(cache, { now }).get("a/2")).toEqual(SECOND);
    // While it is young, nobody may have judged it, and it is not put again.
    const young = (await store.stat(name))?.version;
    await deltaStore(cache, { now }).put("a/3", THIRD);
    expect((await store.stat(name))?.version).toBe(young);
  });
});

describe("engines", () => {
  const backwards: DeltaEngine = {
    name: "backwards",
    async *encode(_, target) {
      yield (await collect(target)).reverse();
    },
    async *decode(_, delta) {
      yield (await collect(delta)).reverse();
    },
  };

  it("are recorded, and one that was not given is an error, not a miss", async () => {
    const cache = plainCache();
    const writer = deltaStore(cache, { engine: backwards, maxRatio: 1 });
    await writer.put("a/1", FIRST);
    expect((await writer.put("a/2", SECOND)).delta?.engine).toBe("backwards");
    expect(await writer.get("a/2")).toEqual(SECOND);
    expect(await deltaStore(cache, { readers: [backwards] }).get("a/2")).toEqual(SECOND);
    const without = deltaStore(cache);
    await expect(without.get("a/2")).rejects.toMatchObject({ code: "ERR_CACHE_ENGINE" });
    expect(await without.verify()).toMatchObject({ ok: 1, unreadable: 1, problems: [{ code: "ERR_CACHE_ENGINE" }] });
    await without.put("a/3", THIRD);
    expect(await writer.get("a/3")).toEqual(THIRD);
  });

  it("that make deltas which do not give the version are found out before the put ends", async () => {
    const cache = plainCache();
    for (const decode of [
      async function* () {
        yield new Uint8Array(5);
      },
      async function* () {
        yield joined(SECOND, new Uint8Array(1));
      },
      async function* () {
        yield SECOND.map((byte) => byte ^ 1);
      },
    ]) {
      const deltas = deltaStore(cache, { engine: { ...backwards, decode }, maxRatio: 1 });
      await deltas.put("a/1", FIRST);
      await expect(deltas.put("a/2", SECOND)).rejects.toMatchObject({ code: "ERR_CACHE_ENGINE" });
      expect(await deltas.get("a/2")).toBeUndefined();
    }
  });

  it("that give more than they should fill no memory", async () => {
    const cache = plainCache();
    const deltas = deltaStore(cache, { engine: backwards, maxRatio: 1 });
    await deltas.put("a/1", FIRST);
    await deltas.put("a/2", SECOND);
    let given = 0;
    const endless: DeltaEngine = {
      ...backwards,
      async *decode() {
        for (;;) {
          given += 100_000;
          yield new Uint8Array(100_000);
        }
      },
    };
    expect(await deltaStore(cache, { engine: endless }).get("a/2")).toBeUndefined();
    expect(given).toBeLessThan(600_000);
  });

  it("see a file that changes while it is read, and nothing is stored of it", async () => {
    const cache = plainCache();
    const path = join(folder(), "file");
    await deltaStore(cache).put("a/1", FIRST);
    writeFileSync(path, SECOND);
    const plain = copyInsertEngine();
    const engine: DeltaEngine = {
      ...plain,
      encode(...args) {
        writeFileSync(path, THIRD);
        return plain.encode(...args);
      },
    };
    const deltas = deltaStore(cache, { engine });
    await expect(deltas.put("a/2", path)).rejects.toThrow("changed");
    expect(await deltas.get("a/2")).toBeUndefined();
  });
});

describe("options of deltaStore", () => {
  it.each([
    { maxRatio: 2 },
    { maxRatio: Number.NaN },
    { maxRatio: "0.5" },
    { engine: {} },
    { engine: { ...copyInsertEngine(), name: "Upper" } },
    { readers: [{}] },
    { readers: copyInsertEngine() },
    { maxReferenceBytes: "large" },
    { onEvent: 1 },
    { now: 1 },
    { maxratio: 0.5 },
  ])("%o is refused", (options) => {
    expect(() => deltaStore(plainCache(), options as never)).toThrow(TypeError);
  });

  it("need a cache", () => {
    expect(() => deltaStore(undefined as never)).toThrow(TypeError);
  });

  it("may be left out, and the cache may have any codec and schema", async () => {
    const codec = { name: "none", encode: () => expect.unreachable(), decode: () => expect.unreachable() };
    const schema = {
      "~standard": { version: 1, vendor: "none", validate: () => ({ issues: [{ message: "no" }] }) },
    } as const;
    const deltas = deltaStore(createCache({ store: memory(), codec, schema: schema as never }) as Cache);
    await deltas.put("a/1", FIRST);
    await deltas.put("a/2", SECOND);
    expect(await deltas.get("a/2")).toEqual(SECOND);
  });

  it("stop a call with the caller's reason", async () => {
    const deltas = deltaStore(plainCache());
    await deltas.put("a/1", FIRST);
    const signal = AbortSignal.abort(new Error("enough"));
    for (const call of [
      deltas.put("a/2", SECOND, { signal }),
      deltas.get("a/1", { signal }),
      deltas.verify({ signal }),
      deltas.stats({ signal }),
    ]) {
      await expect(call).rejects.toThrow("enough");
    }
  });
});
