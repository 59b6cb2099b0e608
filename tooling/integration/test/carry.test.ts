import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import {
  createBundle,
  type ExportOptions,
  exportEntries,
  extractionCache,
  type ImportOptions,
  importEntries,
  inspectBundle,
  runBundle,
  verifyBundle,
} from "@cache/bundle";
import { fileStore, monotonicStore } from "@cache/cas";
import type { CacheOptions, Store } from "@cache/core";
import { collectGarbage, listEntries, verifyStore } from "@cache/core/maintenance";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";
import { bound, cacheOver, directory, slots, strangers } from "./slots.ts";

type Slots = ReturnType<NonNullable<(typeof slots)[string]>>;

const memory = (): Store => memoryStore({ maxBytes: 64_000_000 });
const slot = (kind: string): Slots => slots[kind]?.() ?? {};
const SECRET = "what-nobody-else-may-read ";
const LARGE = SECRET.repeat(4000);
const NEEDED = new Uint8Array(300_000).fill(9);
const SIGNED = "signed with Ed25519";

/** A cache with values of every size, one of which needs content, in two namespaces. */
async function filled(own: Slots, more: Partial<CacheOptions> = {}): Promise<Store> {
  const store = memory();
  const cache = cacheOver(store, own, more);
  await cache.set("small-key", SECRET);
  await cache.set("large", LARGE, { ttl: "1h" });
  const digest = await cache.blobs.put(NEEDED);
  await cache.set("needy", { of: digest }, { needs: [digest] });
  await cache.namespace("below").set("small-key", 2);
  return store;
}

const file = (): string => join(directory(), "carry.bundle");

async function exported(own: Slots, store: Store, more: Partial<ExportOptions> = {}, path = file()) {
  const from = { store, ...own };
  const { bundle, transfer } = await exportEntries(path, { name: "carry", from, staging: memory(), ...more });
  if (bundle === undefined) throw new Error("no package was made");
  return { path, bundle, transfer };
}

const imported = (path: string, own: Slots, store: Store, more: Partial<ImportOptions> = {}) =>
  importEntries(path, { name: "carry", ...own, to: { store }, ...more });

const code = async (work: Promise<unknown>): Promise<unknown> =>
  await work.then(
    () => undefined,
    (error: { code?: string }) => error.code ?? error,
  );

async function isEmpty(store: Store): Promise<boolean> {
  for (const kind of ["blobs", "entries", "notes"] as const) for await (const _ of store.list(kind)) return false;
  return true;
}

describe.each(Object.keys(slots))("entries of a cache, %s,", (kind) => {
  const own = slot(kind);

  it("are carried to a cache of other keys, with their times and the content they need", async () => {
    const source = await filled(own);
    const { path, bundle, transfer } = await exported(own, source);
    expect(transfer).toMatchObject({ copied: 4, there: 0, expired: 0, refused: 0 });
    expect(bundle.fileSize).toBe(statSync(path).size);
    const other = strangers[kind]?.() ?? {};
    const target = memory();
    const found = await imported(path, own, target, { to: { store: target, ...other } });
    expect(found.transfer).toMatchObject({ copied: 4, there: 0, expired: 0, refused: 0 });
    const [before, after] = [cacheOver(source, own), cacheOver(target, other)];
    expect([await after.get("small-key"), await after.get("large")]).toEqual([SECRET, LARGE]);
    expect(await after.namespace("below").get("small-key")).toBe(2);
    const { of } = (await after.get("needy")) as { of: string };
    expect(await after.blobs.get(of)).toEqual(NEEDED);
    const [was, is] = [await before.lookup("large"), await after.lookup("large")];
    if (was.state !== "hit" || is.state !== "hit") throw new Error("it is not there");
    expect([is.created, is.expires]).toEqual([was.created, was.expires]);
    expect(await verifyStore({ store: target, ...other })).toMatchObject({ damaged: 0, missing: 0, foreign: 0 });
    const later = { store: target, ...other, now: () => Date.now() + 40 * 86_400_000 };
    expect(await collectGarbage(later)).toMatchObject({ expiredEntries: 1, unreferencedBlobs: 1 });
  });

  it("take the place of no package when they are none, or lack what was asked for", async () => {
    const source = await filled(own);
    const path = file();
    const from = { store: source, ...own };
    const some = async (keys: readonly string[] | undefined, store = source) => {
      const staging = memory();
      const entries = { namespace: "builds", keys };
      return await exportEntries(path, { name: "carry", from: { ...from, store }, staging, entries });
    };
    const gone = await some(["gone"]);
    expect([gone.bundle, gone.transfer]).toEqual([undefined, expect.objectContaining({ copied: 0, missing: 1 })]);
    expect(existsSync(path)).toBe(false);
    expect((await some(["large", "gone"])).bundle).toBeDefined();
    const before = readFileSync(path);
    for (const again of [await some(["large", "gone"]), await some(undefined, memory())])
      expect(again.bundle).toBeUndefined();
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it("are shown as such, and hold nothing in the clear that was sealed", async () => {
    const { path } = await exported(own, await filled(own), { version: "7" });
    const isSealed = own.seal !== undefined;
    const contents = isSealed ? "sealed-entries" : "entries";
    expect(await inspectBundle(path)).toMatchObject({ name: "carry", contents, version: "7" });
    const found = await verifyBundle(path, { name: "carry", sign: own.sign, level: "paranoid" });
    expect([found.contents, found.trust]).toEqual([contents, own.sign === undefined ? "integrity-only" : "signed"]);
    const bytes = readFileSync(path);
    for (const clear of [SECRET, "small-key", "builds", "below"]) expect(bytes.includes(clear)).toBe(!isSealed);
    expect(bytes.includes(Buffer.from(NEEDED))).toBe(!isSealed);
  });

  it("a byte that was changed anywhere, or a cut, makes none of them be believed", async () => {
    const { path } = await exported(own, await filled(own));
    const whole = new Uint8Array(readFileSync(path));
    const target = memory();
    const samples = Array.from({ length: 24 }, (_, i) => Math.floor((i * (whole.length - 1)) / 23));
    for (const at of [...samples, ...Array.from({ length: 24 }, (_, i) => 10 * i)]) {
      const changed = whole.slice();
      changed[at] = (changed[at] as number) ^ 1;
      writeFileSync(path, changed);
      expect([at, await code(imported(path, own, target))]).toEqual([at, expect.stringMatching(/^ERR_CACHE_[A-Z_]+$/)]);
    }
    for (const length of [0, 31, 200, whole.length - 1]) {
      writeFileSync(path, whole.subarray(0, length));
      expect(await code(imported(path, own, target))).toMatch(/^ERR_CACHE_/);
    }
    expect(await isEmpty(target)).toBe(true);
    writeFileSync(path, whole);
    expect((await imported(path, own, target)).transfer.copied).toBe(4);
  });

  it.skipIf(kind === "plain")("are not believed by who has other keys, nor those of others by us", async () => {
    const [theirs, target] = [strangers[kind]?.() ?? {}, memory()];
    const ours = await exported(own, await filled(own));
    const foreign = await exported(theirs, await filled(theirs));
    for (const [path, keys] of [
      [ours.path, theirs],
      [foreign.path, own],
    ] as const) {
      const outcome = await imported(path, keys, target).then(
        ({ transfer }) => transfer,
        ({ code }) => code,
      );
      // Without a signer nobody vouches for the whole, and the seal of each entry says no.
      if (own.sign === undefined) expect(outcome).toMatchObject({ copied: 0, refused: 4, untold: 4 });
      else expect(outcome).toBe("ERR_CACHE_UNKNOWN_KEY");
    }
    expect(await isEmpty(target)).toBe(true);
  });
});

describe("an import", () => {
  it("leaves what the cache has, unless it is asked to replace it, and changes nothing in a dry run", async () => {
    const own = slot(SIGNED);
    const { path } = await exported(own, await filled(own));
    const target = memory();
    const cache = cacheOver(target, {});
    expect((await imported(path, own, target, { dryRun: true })).transfer).toMatchObject({ copied: 4 });
    expect(await isEmpty(target)).toBe(true);
    await cache.set("large", "mine");
    expect((await imported(path, own, target)).transfer).toMatchObject({ copied: 3, there: 1 });
    expect(await cache.get("large")).toBe("mine");
    expect((await imported(path, own, target)).transfer).toMatchObject({ copied: 0, there: 4 });
    expect((await imported(path, own, target, { overwrite: true })).transfer).toMatchObject({ copied: 4, there: 0 });
    expect(await cache.get("large")).toBe(LARGE);
  });

  it("counts what has expired by then, and leaves it", async () => {
    const own = slot(SIGNED);
    const { path } = await exported(own, await filled(own));
    const now = () => Date.now() + 7_200_000;
    const target = memory();
    const { transfer } = await imported(path, own, target, { now, to: { store: target, now } });
    expect(transfer).toMatchObject({ copied: 3, expired: 1, refused: 0 });
    expect(await code(imported((await exported(own, memory(), { expires: 1 })).path, own, target))).toBe(
      "ERR_CACHE_EXPIRED",
    );
  });

  it.each([SIGNED, "sealed and signed"])(
    "that was stopped between two entries is run again and goes on, %s",
    async (kind) => {
      const own = slot(kind);
      const { path } = await exported(own, await filled(own));
      const target = memory();
      let puts = 0;
      const failing: Store = {
        ...bound(target),
        put: async (...args) => {
          puts += 1;
          if (puts > 2) throw new Error("the power is gone");
          return await target.put(...args);
        },
      };
      expect(await code(imported(path, own, failing))).toBe("ERR_CACHE_STORE");
      let sound = 0;
      for await (const { state } of listEntries({ store: target })) {
        expect(state).toBe("ok");
        sound += 1;
      }
      expect(sound).toBeGreaterThan(0);
      expect(sound).toBeLessThan(4);
      const { transfer } = await imported(path, own, target);
      expect([transfer.copied + transfer.there, transfer.refused]).toEqual([4, 0]);
      expect(await cacheOver(target, {}).get("large")).toBe(LARGE);
    },
  );

  it("believes no byte that was changed after the package was verified", async () => {
    const own = slot(SIGNED);
    const store = memory();
    for (const key of ["a", "b"]) await cacheOver(store, own).set(key, SECRET);
    const { path } = await exported(own, store);
    const bytes = readFileSync(path);
    const target = memory();
    const changing: Store = {
      ...bound(target),
      put: async (...args) => {
        const handle = openSync(path, "r+");
        writeSync(handle, Buffer.from("what somebody else wrote! "), 0, SECRET.length, bytes.lastIndexOf(SECRET));
        closeSync(handle);
        return await target.put(...args);
      },
    };
    expect((await imported(path, own, changing)).transfer).toMatchObject({ copied: 1, refused: 1 });
  });

  it("A4: of a package that is older than one that was seen is refused", async () => {
    const own = slot(SIGNED);
    const rollback = monotonicStore(join(directory(), "seen"));
    const source = await filled(own);
    const [old, recent] = [await exported(own, source, { sequence: 1 }), await exported(own, source, { sequence: 2 })];
    const found = await imported(recent.path, own, memory(), { rollback });
    expect(found.bundle).toMatchObject({ sequence: 2, rollbackChecked: true });
    const target = memory();
    expect(await code(imported(old.path, own, target, { rollback }))).toBe("ERR_CACHE_ROLLBACK");
    expect(await isEmpty(target)).toBe(true);
    expect((await imported(recent.path, own, target, { rollback })).transfer.copied).toBe(4);
  });

  it("believes a name, and who signed, and not what nobody signed where somebody should have", async () => {
    const own = slot(SIGNED);
    const { path } = await exported(own, await filled(own));
    expect(await code(imported(path, own, memory(), { name: "other" }))).toBe("ERR_CACHE_AUTH");
    expect(await code(imported(path, own, memory(), { namespace: "other" }))).toBe("ERR_CACHE_AUTH");
    expect(await code(imported(path, {}, memory()))).toBe("ERR_CACHE_UNKNOWN_KEY");
    const unsigned = await exported({}, await filled({}));
    expect(await code(imported(unsigned.path, own, memory()))).toBe("ERR_CACHE_UNKNOWN_KEY");
    expect((await imported(unsigned.path, {}, memory())).bundle.trust).toBe("integrity-only");
    // By a seal alone: what has none could be anybody's.
    expect(await code(imported(unsigned.path, slot("sealed"), memory()))).toBe("ERR_CACHE_UNSIGNED");
  });

  it("opens what is sealed with the key only, and takes what a signer has not sealed into a sealed cache", async () => {
    const both = slot("sealed and signed");
    const sealed = await exported(both, await filled(both));
    expect(await code(imported(sealed.path, slot(SIGNED), memory()))).toBe("ERR_CACHE_UNKNOWN_KEY");
    const { seal: _, ...signing } = both;
    const plain = await exported(signing, await filled(signing));
    const target = memory();
    const to = { store: target, ...both };
    expect((await imported(plain.path, both, target, { to })).transfer).toMatchObject({ copied: 4, refused: 0 });
    expect(await cacheOver(target, both).get("large")).toBe(LARGE);
  });

  it("of files is refused, and so is running entries", async () => {
    const own = slot(SIGNED);
    const { path } = await exported(own, await filled(own));
    const cache = extractionCache(join(directory(), "extracted"));
    const refused = await runBundle(path, { name: "carry", ...own, cache }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "ERR_CACHE_FORMAT", message: expect.stringContaining("entries") });
    const members = [{ path: "words", content: new Uint8Array(3) }];
    await createBundle(path, members, { name: "carry", ...own });
    const error = await imported(path, own, memory()).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: "ERR_CACHE_FORMAT", message: expect.stringContaining("files") });
  });

  it("needs a cache that can write, and options that it knows", async () => {
    const own = slot(SIGNED);
    const { path } = await exported(own, await filled(own));
    const { sign } = own as { sign: NonNullable<Slots["sign"]> };
    const reads = { ...sign, verify: sign.verify.bind(sign), identity: undefined };
    expect(await code(imported(path, own, memory(), { to: { store: memory(), sign: reads } }))).toBe(
      "ERR_CACHE_READ_ONLY",
    );
    expect(await code(imported(path, own, memory(), { verify: false } as object))).toBeInstanceOf(TypeError);
  });
});

describe("an export", () => {
  it("takes what was asked for, and says what is missing and what has expired", async () => {
    const own = slot("sealed and signed");
    const source = await filled(own);
    const of = async (entries: object, now?: () => number) =>
      (await exported(own, source, { entries, from: { store: source, ...own, now } })).transfer;
    expect(await of({ namespace: "builds" })).toMatchObject({ copied: 3, missing: 0 });
    expect(await of({ namespace: "builds", prefix: "small-" })).toMatchObject({ copied: 1, missing: 0 });
    expect(await of({ prefix: "small-" })).toMatchObject({ copied: 2 });
    expect(await of({ namespace: "builds", keys: ["large", "gone", "large"] })).toMatchObject({
      copied: 1,
      missing: 1,
    });
    const late = () => Date.now() + 7_200_000;
    expect(await of({ namespace: "builds" }, late)).toMatchObject({ copied: 2, expired: 1 });
  });

  it("leaves out what does not hold and what others wrote, and counts both", async () => {
    const [own, theirs] = [slot("sealed and signed"), strangers["sealed and signed"]?.() ?? {}];
    const source = fileStore(join(directory(), "store"));
    const cache = cacheOver(source, own);
    await cache.set("kept", 1);
    await cache.set("damaged", LARGE);
    await cacheOver(source, theirs).set("of others", 1);
    for await (const { name } of source.list("blobs")) {
      const bytes = (await source.get(name)) as Uint8Array;
      await source.put(name, bytes.fill(1, 500, 600));
    }
    const { path, transfer } = await exported(own, source);
    expect(transfer).toMatchObject({ copied: 1, refused: 2, untold: 1 });
    const target = memory();
    expect((await imported(path, own, target)).transfer).toMatchObject({ copied: 1, refused: 0 });
  });

  it("makes a package of nothing from an empty cache", async () => {
    const { path, transfer } = await exported(slot(SIGNED), memory());
    expect(transfer).toMatchObject({ copied: 0, refused: 0 });
    expect((await imported(path, slot(SIGNED), memory())).transfer).toMatchObject({ copied: 0, refused: 0 });
  });

  it("that fails leaves the file that was there, and nothing beside it", async () => {
    const own = slot(SIGNED);
    const { path } = await exported(own, await filled(own));
    const before = readFileSync(path);
    const staging = memory();
    const forgetful: Store = { ...bound(staging), open: async () => undefined };
    expect(await code(exported(own, await filled(own), { staging: forgetful }, path))).toBe("ERR_CACHE_STORE");
    const signal = AbortSignal.abort(new Error("enough"));
    expect(await code(exported(own, await filled(own), { signal }, path))).toEqual(new Error("enough"));
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(dirname(path))).toEqual(["carry.bundle"]);
  });

  it("needs a key that signs", async () => {
    const own = slot(SIGNED);
    const { sign } = own as { sign: NonNullable<Slots["sign"]> };
    const reads = { sign: { ...sign, verify: sign.verify.bind(sign), identity: undefined } };
    const path = file();
    expect(await code(exported(reads, await filled(own), {}, path))).toBe("ERR_CACHE_READ_ONLY");
    expect(existsSync(path)).toBe(false);
  });

  it("says when there is more than a package can hold", async () => {
    let looks = 0;
    const staging = bound(memory());
    staging.list = async function* (kind) {
      looks += 1;
      for (let i = 0; looks > 3 && kind === "blobs" && i < 100_000; i++)
        yield { name: `${kind}/${String(i).padStart(64, "0")}`, size: 1, modified: 1 };
    };
    const path = file();
    expect(await code(exported(slot(SIGNED), memory(), { staging }, path))).toBe("ERR_CACHE_LIMIT");
    expect(existsSync(path)).toBe(false);
  });

  it("refuses a staging store with something in it, and options that it does not know", async () => {
    const own = slot(SIGNED);
    const source = await filled(own);
    const path = file();
    expect(await code(exported(own, source, { staging: source }, path))).toBeInstanceOf(TypeError);
    for (const wrong of [{ launch: { command: "a" } }, { compression: "brotli" }, { seal: own.seal, created: -1 }])
      expect(await code(exported(own, source, wrong as object, path))).toBeInstanceOf(TypeError);
    expect(existsSync(path)).toBe(false);
  });
});

it("an export that cannot be made puts nothing together", async () => {
  const store = await filled(slot(SIGNED));
  for (const [more, path] of [
    [{ version: 5 as never }, file()],
    [{}, directory()],
  ] as const) {
    const staging = memory();
    expect(await code(exported(slot(SIGNED), store, { ...more, staging }, path))).not.toBeUndefined();
    expect(await isEmpty(staging)).toBe(true);
  }
});
