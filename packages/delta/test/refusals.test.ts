import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCache, type Store } from "@cache/core";
import { copyInsertEngine, type DeltaEngine, type DeltaEvent, deltaStore, xdelta3Engine } from "@cache/delta";
import { describe, expect, it, onTestFinished } from "vitest";
import { collect, edited, memory, noise, plainCache, sha256, stream } from "./inputs.ts";

const FIRST = noise(100_000, 1);
const SECOND = edited(FIRST, 2);

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "delta-refusals-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** Two versions, and the record of the second to tell lies with. */
async function filled() {
  const store = memory();
  const cache = plainCache(store);
  await deltaStore(cache).put("a/1", FIRST);
  const { delta } = await deltaStore(cache).put("a/2", SECOND);
  const records = cache.namespace<object>("deltas");
  return { store, cache, records, record: (await records.get("a/2")) as object, delta };
}

describe("a record that lies", () => {
  it.each([-1, 1])("about the size of the reference, by %i, is rejected before the engine sees it", async (by) => {
    const { cache, records, record, delta } = await filled();
    const reference = { digest: sha256(FIRST), size: FIRST.byteLength + by };
    await records.set("a/2", { ...record, delta: { ...delta, reference } });
    const events: DeltaEvent[] = [];
    expect(await deltaStore(cache, { onEvent: (event) => events.push(event) }).get("a/2")).toBeUndefined();
    expect(events).toMatchObject([{ type: "rejected", part: "reference", code: "ERR_CACHE_AUTH" }]);
  });

  it("about the size of what is whole is found when it is read piece by piece", async () => {
    const { cache, records } = await filled();
    await records.set("a/3", { format: 1, digest: sha256(FIRST), size: FIRST.byteLength + 1 });
    const opened = await deltaStore(cache).open("a/3");
    if (opened.state !== "hit") expect.unreachable();
    else await expect(collect(opened.value)).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
  });
});

describe("a lookup", () => {
  it("says that a reference was altered, and not that there is nothing", async () => {
    const { store, cache } = await filled();
    await store.delete(`blobs/${sha256(FIRST)}`);
    await store.put(`blobs/${sha256(FIRST)}`, noise(100_000, 3));
    expect(await deltaStore(cache).lookup("a/2")).toMatchObject({ state: "rejected", code: "ERR_CACHE_AUTH" });
  });

  it("of a file needs a path", async () => {
    const { cache } = await filled();
    for (const path of ["", 5 as never])
      await expect(deltaStore(cache).toFile("a/2", path)).rejects.toThrow("needs a path");
  });
});

describe("a put", () => {
  it("refuses names and contents that are none, before anything is stored", async () => {
    const store = memory();
    const deltas = deltaStore(plainCache(store));
    for (const name of ["", 5 as never, "é".repeat(2049)]) {
      await expect(deltas.put(name, FIRST)).rejects.toThrow("the name of a version");
    }
    for (const content of ["", 5 as never]) await expect(deltas.put("a", content)).rejects.toThrow("a version is");
    await expect(deltas.put("a", folder())).rejects.toThrow("no file");
    for await (const _ of store.list("blobs")) expect.unreachable();
  });

  it("sees that a file changed while it was stored whole", async () => {
    const path = join(folder(), "file");
    writeFileSync(path, FIRST);
    const inner = memory();
    const store: Store = {
      ...inner,
      putStream(draft, options) {
        writeFileSync(path, SECOND);
        return inner.putStream(draft, options);
      },
    };
    const deltas = deltaStore(plainCache(store));
    await expect(deltas.put("a/1", path)).rejects.toThrow("changed");
    expect(await deltas.get("a/1")).toBeUndefined();
  });

  it("makes no delta where none is wanted", async () => {
    const encode = () => expect.unreachable();
    const deltas = deltaStore(plainCache(), { engine: { ...copyInsertEngine(), encode }, maxRatio: 0 });
    for (const name of ["a/1", "a/2"]) await deltas.put(name, name === "a/1" ? FIRST : SECOND);
    expect(await deltas.stats()).toMatchObject({ versions: 2, deltas: 0 });
  });

  it("fails when the store does not give back what it took, or the engine fails by itself", async () => {
    const inner = memory();
    await deltaStore(plainCache(inner)).put("a/1", FIRST);
    const forgetful: Store = {
      ...inner,
      open: async (name, options) => (name === `blobs/${sha256(FIRST)}` ? inner.open(name, options) : undefined),
    };
    await expect(deltaStore(createCache({ store: forgetful })).put("a/2", SECOND)).rejects.toMatchObject({
      code: "ERR_CACHE_STORE",
    });
    const engine: DeltaEngine = {
      ...copyInsertEngine(),
      decode: () => {
        throw new RangeError("its own");
      },
    };
    await expect(deltaStore(plainCache(inner), { engine }).put("a/2", SECOND)).rejects.toThrow(RangeError);
  });
});

describe("what is none of its kind", () => {
  const engine = copyInsertEngine();

  it.each([{ name: 5 }, { name: "" }, { encode: 5 }, { decode: undefined }])("an engine with %o", (part) => {
    expect(() => deltaStore(plainCache(), { engine: { ...engine, ...part } as never })).toThrow("an engine has");
  });

  it("a cache, a ratio, readers, a program", () => {
    expect(() => deltaStore({} as never)).toThrow("needs a cache");
    expect(() => deltaStore(plainCache(), { maxRatio: -0.1 })).toThrow("from 0 to 1");
    expect(() => deltaStore(plainCache(), { readers: new Set([engine]) as never })).toThrow("are engines");
    expect(() => xdelta3Engine({ program: 5 as never })).toThrow("has a name");
  });

  it.skipIf(process.platform === "win32")("a program that was stopped says nothing about the delta", async () => {
    const program = join(folder(), "program");
    writeFileSync(program, `#!${process.execPath}\nprocess.kill(process.pid, "SIGKILL")`);
    chmodSync(program, 0o700);
    const decoding = xdelta3Engine({ program }).decode(FIRST, stream(SECOND), { size: 10 });
    await expect(collect(decoding)).rejects.toMatchObject({ code: "ERR_CACHE_ENGINE" });
  });
});
