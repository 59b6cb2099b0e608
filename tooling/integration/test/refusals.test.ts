import { existsSync, readdirSync, statSync, truncateSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { fileStore } from "@cache/cas";
import { bytesCodec, type CacheOptions, createCache, type Name, type Store } from "@cache/core";
import { CacheError, parseName } from "@cache/core/adapter";
import { pae, utf8 } from "@cache/core/bytes";
import { addKey, Keyring, MasterKey, promoteKey } from "@cache/core/keyring";
import { collectGarbage, listEntries, resealStore, verifyStore } from "@cache/core/maintenance";
import { encodeRecord, integrityOnly, readClaim } from "@cache/core/record";
import { sealer } from "@cache/crypto-envelope";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";
import { cacheOver, directory, slots } from "./slots.ts";

const memory = (): Store => memoryStore({ maxBytes: 64_000_000 });
const DIGEST = "0".repeat(64);
const STORE_FAILED = { code: "ERR_CACHE_STORE" };

async function namesIn(store: Store, kind: "blobs" | "entries" | "notes"): Promise<Name[]> {
  const names: Name[] = [];
  for await (const { name } of store.list(kind)) names.push(name);
  return names;
}

/** The store with some of its methods exchanged. */
const withMethods = (store: Store, methods: Partial<Store>): Store => Object.assign(Object.create(store), methods);

/** A store in which somebody puts sound bytes under a name right after that was read for the first time. */
function healing(inner: Store, name: Name, sound: Uint8Array): Store {
  let reads = 0;
  return withMethods(inner, {
    async get(...args) {
      const found = await inner.get(...args);
      if (args[0] === name && reads++ === 0) await inner.put(name, sound);
      return found;
    },
  });
}

async function countOf(rows: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of rows) count += 1;
  return count;
}

const failing = async () => {
  throw new CacheError("ERR_CACHE_STORE", "the medium is gone");
};

describe("wrong use is told in words of its own", () => {
  const cache = createCache({ store: memory() });
  const made = (options: object) => () => createCache({ store: memory(), ...options } as CacheOptions);
  it.each<[string, () => unknown, RegExp]>([
    ["a cache without a store", () => createCache({} as CacheOptions), /createCache needs a store/],
    ["a key that is a number", () => cache.get(5 as never), /a key is text/],
    ["a namespace that is a number", made({ namespace: 5 }), /a namespace is text/],
    ["a namespace of 256 bytes", made({ namespace: "é".repeat(128) }), /at most 255 bytes/],
    ["a writer that is a number", made({ writer: 5 }), /"writer" is a string/],
    ["a writer of 256 bytes", made({ writer: "é".repeat(128) }), /a writer has at most 255 bytes/],
    ["more than a mebibyte within an entry", made({ inlineLimit: 1_048_577 }), /at most 1 MiB/],
    ["a codec whose name is empty", made({ codec: { ...bytesCodec, name: "" } }), /a codec has a name/],
    ["a namespace below that is a number", () => cache.namespace(5 as never), /not empty and has no slash/],
    ["a namespace below of nothing", () => cache.namespace(""), /not empty and has no slash/],
    ["a namespace below with a slash", () => cache.namespace("a/b"), /not empty and has no slash/],
    ["a path that is a number", () => cache.blobs.toFile(DIGEST, 5 as never), /toFile needs a path/],
    ["content that is a number", () => cache.blobs.put(5 as never), /content is a Uint8Array or an async iterable/],
    [
      "text by the codec of bytes",
      () => made({ codec: bytesCodec })().set("k", "text"),
      /stores Uint8Array values only/,
    ],
    ["a name of a store that is a path", () => parseName("entries/../x" as Name), /a kind and 64 hexadecimal digits/],
    [
      "a name of a store that is read as one",
      () => parseName([`entries/${DIGEST}`] as never),
      /a kind and 64 hexadecimal digits/,
    ],
    [
      "a list of no kind",
      () => countOf(fileStore(join(directory(), "store")).list("values" as never)),
      /a kind is one of/,
    ],
    ["a file store in a number", () => fileStore(5 as never), /the directory of a file store is a path/],
    ["a collection that keeps for 29 minutes", () => collectGarbage({ store: memory(), keep: "29m" }), /half an hour/],
    ["sealing again without a sealer", () => resealStore({ store: memory() }), /nothing to seal again/],
  ])("%s", async (_, call, why) => {
    const failure = await (async () => call())().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TypeError);
    expect((failure as TypeError).message).toMatch(why);
  });

  it("a clock before 1970 makes nothing believed and nothing written", async () => {
    const store = memory();
    await createCache({ store }).set("k", 1);
    const early = createCache({ store, now: () => -1 });
    for (const call of [early.get("k"), early.set("k", 2)])
      await expect(call).rejects.toThrow(/the clock gives no time/);
  });

  it("namespaces and writers of 255 bytes are taken", async () => {
    const longest = `${"é".repeat(127)}x`;
    const cache = createCache({ store: memory(), namespace: longest, writer: longest });
    await cache.set("k", 1);
    expect(await cache.lookup("k")).toMatchObject({ state: "hit", writer: longest });
  });
});

describe("values", () => {
  it("larger than a reader would take are not written", async () => {
    const cache = createCache({ store: memory(), maxBufferedBytes: 100 });
    await expect(cache.set("k", "x".repeat(100))).rejects.toMatchObject({ code: "ERR_CACHE_LIMIT" });
    await cache.set("k", "x".repeat(98));
    expect(await cache.get("k")).toHaveLength(98);
  });

  it("that were computed and that the schema refuses are thrown, and not taken for a store that cannot keep them", async () => {
    const validate = () => ({ issues: [{ message: "never" }] });
    const schema = { "~standard": { version: 1 as const, vendor: "test", validate } };
    const cache = createCache<number>({ store: memory(), schema });
    await expect(cache.getOrSet("k", () => 1)).rejects.toMatchObject({ code: "ERR_CACHE_CODEC" });
  });
});

describe("damage", () => {
  for (const [title, makeSlots] of Object.entries(slots)) {
    it(`${title}: content is published as no file when it is found only at its end, or thrown when strict`, async () => {
      const root = join(directory(), "store");
      const slot = makeSlots();
      const content = new Uint8Array(200_000).fill(1);
      const base = join(root, "v1", "blobs");
      for (const strict of [false, true]) {
        const cache = cacheOver(fileStore(root), slot, { strict });
        const digest = await cache.blobs.put(content);
        const stored = readdirSync(base, { recursive: true, encoding: "utf8" }).map((path) => join(base, path));
        for (const path of stored) if (statSync(path).isFile()) truncateSync(path, 199_000);
        const path = join(root, "published");
        const published = cache.blobs.toFile(digest, path);
        if (strict) await expect(published).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
        else expect(await published).toBe(false);
        expect(existsSync(path)).toBe(false);
      }
    });
  }

  it("is left where it is when the second look at it fails", async () => {
    const inner = memory();
    await createCache({ store: inner }).set("k", 1);
    const [name] = (await namesIn(inner, "entries")) as [Name];
    await inner.put(name, utf8("damaged"));
    let looks = 0;
    const get: Store["get"] = (...args) => (looks++ === 0 ? inner.get(...args) : failing());
    const cache = createCache({ store: withMethods(inner, { get }) });
    expect(await cache.get("k")).toBeUndefined();
    expect(looks).toBe(2);
    expect(await inner.get(name)).toEqual(utf8("damaged"));
  });

  it("is looked at twice, and what another key wrote once", async () => {
    const inner = memory();
    const own = { seal: sealer(Keyring.of(MasterKey.generate())) };
    const names = own.seal.names({ namespace: "builds", kind: "entries", key: utf8("k") });
    await cacheOver(inner, slots["plain"]?.() ?? {}).set("k", 1);
    const [plain] = (await namesIn(inner, "entries")) as [Name];
    const looksAt = async (bytes: Uint8Array): Promise<number> => {
      let looks = 0;
      const get = async () => {
        looks += 1;
        return bytes;
      };
      const stat = async () => ({ size: bytes.length, modified: 1, version: "1" });
      await cacheOver(withMethods(inner, { get, stat }), own).get("k");
      return looks;
    };
    expect(names).toHaveLength(1);
    expect(await looksAt((await inner.get(plain)) as Uint8Array)).toBe(2);
    const stranger = sealer(Keyring.of(MasterKey.generate()));
    const context = { namespace: "builds", kind: "entries", key: utf8("k") } as const;
    expect(await looksAt(stranger.seal(context, utf8("x"), { created: 1, expires: 0, sequence: 1 }))).toBe(1);
  });
});

describe("a sequence of the future", () => {
  it("is refused by who remembers what was seen, though its proof holds: a name would be lost for good", async () => {
    const store = memory();
    await createCache({ store }).set("k", 1);
    const [name] = (await namesIn(store, "entries")) as [Name];
    const { statement } = readClaim((await store.get(name)) as Uint8Array);
    const ahead = { ...statement, sequence: Date.now() + 600_000 };
    await store.put(name, await encodeRecord(ahead, integrityOnly, utf8("1")));
    const rollback = { get: async () => undefined, advance: async (_: Uint8Array, seen: never) => seen };
    expect(await createCache({ store }).get("k")).toBe(1);
    const remembering = createCache({ store, rollback });
    expect(await remembering.lookup("k")).toMatchObject({ state: "rejected", code: "ERR_CACHE_ROLLBACK" });
  });
});

describe("a store that fails while it is looked through", () => {
  const seal = sealer(Keyring.of(MasterKey.generate()));
  const failingFor = (store: Store, prefix: string): Store =>
    withMethods(store, { get: (name, options) => (name.startsWith(prefix) ? failing() : store.get(name, options)) });

  for (const [title, slot, prefix] of [
    ["plain", {}, "entries/"],
    ["sealed", { seal }, "notes/"],
  ] as const) {
    it(`${title}: has failed, and holds nothing less for that`, async () => {
      const inner = memory();
      await cacheOver(inner, slot).set("k", 1);
      const store = failingFor(inner, prefix);
      await expect(verifyStore({ store, ...slot })).rejects.toMatchObject(STORE_FAILED);
      await expect(collectGarbage({ store, ...slot })).rejects.toMatchObject(STORE_FAILED);
      await expect(countOf(listEntries({ store, ...slot }))).rejects.toMatchObject(STORE_FAILED);
    });
  }

  for (const [title, slot] of [
    ["plain", {}],
    ["sealed", { seal }],
  ] as const) {
    it(`${title}: has failed, whichever read it is that fails`, async () => {
      const inner = memory();
      await cacheOver(inner, slot).set("k", 1);
      /** Looks through a store whose read of that number fails. @returns whether there were so many */
      const fails = async (at: number, look: (store: Store) => Promise<unknown>): Promise<boolean> => {
        let reads = 0;
        const get: Store["get"] = (...args) => (reads++ === at ? failing() : inner.get(...args));
        const looked = await look(withMethods(inner, { get })).catch((error: unknown) => error);
        if (reads > at) expect(looked, `read ${at}`).toMatchObject(STORE_FAILED);
        return reads > at;
      };
      for (const look of [
        (store: Store) => collectGarbage({ store, ...slot }),
        (store: Store) => countOf(listEntries({ store, ...slot })),
      ]) {
        let at = 0;
        while (await fails(at, look)) at += 1;
        expect(at).toBeGreaterThan(0);
      }
    });
  }

  it("a note of another label, or with anything behind it, says nothing, whoever sealed it", async () => {
    const store = memory();
    await cacheOver(store, { seal }).set("k", 1);
    const [name] = (await namesIn(store, "entries")) as [Name];
    const context = { namespace: "\u0000catalog", kind: "entries", key: utf8(name) } as const;
    const times = { created: 1, expires: 0, sequence: 0 };
    const said = pae("cache/v1/catalog", "builds", "entries", "k");
    for (const [content, orphaned] of [
      [said, 0],
      [pae("cache/v1/other", "builds", "entries", "k"), 1],
      [Uint8Array.of(...said, 0), 1],
      [said.subarray(0, -1), 1],
    ] as const) {
      const note = seal.seal(context, content, times);
      await store.put(`notes/${name.slice("entries/".length)}`, note);
      expect(await verifyStore({ store, seal })).toMatchObject({ orphaned });
    }
  });

  it("content that was put again since it was listed is not collected", async () => {
    const inner = memory();
    const digest = await createCache({ store: inner }).blobs.put(new Uint8Array(100));
    async function* list(...args: Parameters<Store["list"]>) {
      for await (const listed of inner.list(...args)) yield { ...listed, modified: 1 };
    }
    const report = await collectGarbage({ store: withMethods(inner, { list }), keep: "1h" });
    expect(report.unreferencedBlobs).toBe(0);
    expect(await createCache({ store: inner }).blobs.has(digest)).toBe(true);
  });

  for (const [title, slot] of Object.entries(slots)) {
    it(`${title}: a value that is put after its entry was found expired is not collected, at whichever look`, async () => {
      for (const when of ["get", "stat"] as const) {
        const own = slot();
        const inner = memory();
        const [past, now] = [Date.now() - 60_000, Date.now()];
        await cacheOver(inner, own, { now: () => past }).set("k", "old", { ttl: "1s" });
        let looks = 0;
        const puts = async (name: Name) => {
          if (name.startsWith("entries/") && looks++ === 0) await cacheOver(inner, own).set("k", "new");
        };
        const store = withMethods(inner, {
          async get(...args) {
            const found = await inner.get(...args);
            if (when === "get") await puts(args[0]);
            return found;
          },
          async stat(...args) {
            const found = await inner.stat(...args);
            if (when === "stat") await puts(args[0]);
            return found;
          },
        });
        await collectGarbage({ store, ...own, now: () => now });
        expect(looks).toBeGreaterThan(0);
        expect(await cacheOver(inner, own).get("k")).toBe("new");
      }
    });

    it(`${title}: an entry that lay under another's name is sound when it is healed while it is verified`, async () => {
      const own = slot();
      const inner = memory();
      await cacheOver(inner, own).set("k", "value");
      const [name] = (await namesIn(inner, "entries")) as [Name];
      const sound = (await inner.get(name)) as Uint8Array;
      await cacheOver(inner, own).set("other", "value");
      const other = (await namesIn(inner, "entries")).find((each) => each !== name) as Name;
      await inner.put(name, (await inner.get(other)) as Uint8Array);
      const store = healing(inner, name, sound);
      expect(await verifyStore({ store, ...own })).toMatchObject({ ok: 2, damaged: 0 });
      expect(await cacheOver(inner, own).get("k")).toBe("value");
    });

    it(`${title}: a dry run says what a run removes, the content of what expired with it`, async () => {
      const own = slot();
      const store = memory();
      await cacheOver(store, own).set("k", "x".repeat(100_000), { ttl: "1d" });
      const later = { store, ...own, now: () => Date.now() + 40 * 86_400_000 };
      const said = await collectGarbage({ ...later, dryRun: true });
      expect(said).toMatchObject({ expiredEntries: 1, unreferencedBlobs: 1 });
      expect(await collectGarbage(later)).toEqual(said);
    });

    it(`${title}: an entry that is healed while it is verified is sound, and stays`, async () => {
      const own = slot();
      const inner = memory();
      await cacheOver(inner, own).set("k", "value");
      const [name] = (await namesIn(inner, "entries")) as [Name];
      const sound = (await inner.get(name)) as Uint8Array;
      await inner.put(name, sound.with(sound.byteLength - 1, (sound.at(-1) as number) ^ 1));
      const store = healing(inner, name, sound);
      expect(await verifyStore({ store, ...own })).toMatchObject({ ok: 1, damaged: 0 });
      expect(await cacheOver(inner, own).get("k")).toBe("value");
    });
  }
});

describe("sealing again", () => {
  const old = MasterKey.generate();
  const fresh = MasterKey.generate();
  const before = Keyring.of(old);
  const rotated = promoteKey(addKey(before, fresh), fresh.id);
  const slot = (keyring: Keyring) => ({ seal: sealer(keyring) });
  const damages: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
    "damaged in its middle": (bytes) => bytes.map((byte, i) => (i === bytes.length >> 1 ? byte ^ 1 : byte)),
    "cut off": (bytes) => bytes.slice(0, 10),
  };

  for (const [words, damage] of Object.entries(damages)) {
    it(`puts sound content in the place of content under the new key that is ${words}`, async () => {
      const store = memory();
      const content = new Uint8Array(50_000).fill(3);
      await cacheOver(store, slot(Keyring.of(fresh))).blobs.put(content);
      const [name] = (await namesIn(store, "blobs")) as [Name];
      await store.put(name, damage((await store.get(name)) as Uint8Array));
      const digest = await cacheOver(store, slot(before)).blobs.put(content);
      expect(await resealStore({ store, ...slot(rotated) })).toMatchObject({ contents: 1, damaged: 0 });
      expect(await cacheOver(store, slot(Keyring.of(fresh))).blobs.get(digest)).toEqual(content);
    });

    it(`puts a sound entry in the place of one under the new key that is ${words}`, async () => {
      const store = memory();
      await cacheOver(store, slot(Keyring.of(fresh))).set("k", "later, and lost");
      const [name] = (await namesIn(store, "entries")) as [Name];
      await store.put(name, damage((await store.get(name)) as Uint8Array));
      await cacheOver(store, slot(before)).set("k", "sound");
      expect(await resealStore({ store, ...slot(rotated) })).toMatchObject({ entries: 1 });
      expect(await cacheOver(store, slot(Keyring.of(fresh))).get("k")).toBe("sound");
    });
  }

  it("puts content anew that lies under the new key for long, so that no collector takes it", async () => {
    const root = join(directory(), "store");
    const store = fileStore(root);
    const content = new Uint8Array(50_000).fill(3);
    await cacheOver(store, slot(Keyring.of(fresh))).blobs.put(content);
    const [name] = (await namesIn(store, "blobs")) as [Name];
    const hex = name.slice("blobs/".length);
    const path = join(root, "v1", "blobs", hex.slice(0, 2), hex);
    utimesSync(path, Date.now() / 1000 - 3600, Date.now() / 1000 - 3600);
    await cacheOver(store, slot(before)).blobs.put(content);
    await resealStore({ store, ...slot(rotated) });
    expect(Date.now() - statSync(path).mtimeMs).toBeLessThan(60_000);
  });

  it("is refused by a sealer that does not know what it sealed", async () => {
    const seal = { ...sealer(rotated), inspect: () => undefined };
    await expect(resealStore({ store: memory(), seal })).rejects.toThrow(/does not know what it has just sealed/);
  });

  it("puts an entry that lives in the place of a later one that is over", async () => {
    const store = memory();
    const now = Date.now();
    await cacheOver(store, slot(before), { now: () => now - 60_000 }).set("k", "lives");
    await cacheOver(store, slot(Keyring.of(fresh)), { now: () => now - 30_000 }).set("k", "over", { ttl: 1000 });
    await resealStore({ store, ...slot(rotated) });
    expect(await cacheOver(store, slot(Keyring.of(fresh))).get("k")).toBe("lives");
  });
});
