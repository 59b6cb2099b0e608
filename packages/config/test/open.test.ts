import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import type { Cache } from "@cache/core";
import { formatKey, Keyring, MasterKey, SigningKey } from "@cache/core/keyring";
import { createKeyringFile } from "@cache/core/keyring-file";
import { expect, onTestFinished, test } from "vitest";
import { type OpenCacheOptions, openCache } from "../src/index.ts";
import { useDesk } from "./desk.ts";

const desk = useDesk();

async function open<V = unknown>(name?: string, options: OpenCacheOptions<V> = {}): Promise<Cache<V>> {
  const cache = await openCache<V>(name, { ...desk().here, ...options });
  onTestFinished(() => cache.close());
  return cache;
}

const refused = { code: "ERR_CACHE_CONFIG" };
const master = (): string => formatKey(MasterKey.generate());
const trustOf = async (cache: Cache): Promise<unknown> => {
  await cache.set("a", 1);
  const found = await cache.lookup("a");
  return found.state === "hit" ? found.trust : found.state;
};

test("nothing configured means memory: what is put is there, and nothing of it on the disk", async () => {
  const cache = await open();
  await cache.set("a", { b: 1 });
  expect(await cache.get("a")).toEqual({ b: 1 });
  expect(readdirSync(desk().home)).toEqual(["src"]);
  expect(await (await open()).get("a")).toBeUndefined();
});

test("memory and void are there without being configured: one keeps, one keeps nothing", async () => {
  desk().own({ dir: "~/store", keyringFile: "~/nowhere", default: "void" });
  const [memory, nothing] = [await open("memory"), await open()];
  for (const cache of [memory, nothing]) await cache.set("a", 1);
  expect([await memory.get("a"), await nothing.get("a")]).toEqual([1, undefined]);
  expect(existsSync(desk().path("store"))).toBe(false);
});

test("a cache that keeps nothing takes everything: values, content and streams, and lists nothing", async () => {
  const cache = await open("void");
  const digest = await cache.blobs.put(new Uint8Array([1, 2, 3]));
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array([1, 2]);
    yield new Uint8Array([3]);
  }
  expect(await cache.blobs.put(pieces())).toBe(digest);
  expect([await cache.blobs.has(digest), await cache.blobs.get(digest), await cache.blobs.open(digest)]).toEqual([
    false,
    undefined,
    undefined,
  ]);
  await cache.clear();
  await cache.delete("a");
  expect(await cache.getOrSet("a", () => 7)).toBe(7);
  expect(await cache.has("a")).toBe(false);
});

test("a cache with a name takes what it does not say from the fields above all names", async () => {
  await createKeyringFile(desk().path("keys"), Keyring.of(MasterKey.generate()));
  desk().own({
    dir: "~/all",
    keyringFile: "~/keys",
    ttl: "1d",
    caches: { builds: { dir: "~/builds" }, short: { ttl: "1s", namespace: "s" }, brief: { ephemeral: true } },
  });
  const entries = await Promise.all(
    [undefined, "builds", "short", "brief"].map(async (name) => {
      const cache = await open(name);
      await cache.set("a", name ?? "none");
      return cache.lookup("a");
    }),
  );
  const lives = entries.map((found) => found.state === "hit" && (found.expires ?? 0) - found.created);
  expect(lives).toEqual([86_400_000, 86_400_000, 1_000, 86_400_000]);
  expect(entries.map((found) => found.state === "hit" && found.trust)).toEqual(Array(4).fill("signed"));
  expect([await (await open()).get("a"), await (await open("builds")).get("a")]).toEqual(["none", "builds"]);
  expect([existsSync(desk().path("all")), existsSync(desk().path("builds"))]).toEqual([true, true]);
});

test("the default cache is the one that is meant when none is named", async () => {
  desk().own({ dir: "~/all", default: "builds", caches: { builds: { namespace: "b" } } });
  await (await open()).set("a", 1);
  expect(await (await open("builds")).get("a")).toBe(1);
});

test.each([["nobody"], ["constructor"], ["__proto__"], [""]])(
  "a cache of no such name is refused: %j",
  async (name) => {
    desk().own({ caches: { builds: {} } });
    await expect(open(name)).rejects.toMatchObject(refused);
  },
);

test("a default that names no cache is refused", async () => {
  desk().own({ default: "nobody" });
  await expect(open()).rejects.toMatchObject(refused);
});

test("CACHE_DIR and CACHE_EPHEMERAL place the default cache, and none that is named", async () => {
  desk().own({ default: "builds", caches: { builds: { dir: "~/builds" }, tests: { dir: "~/tests" } } });
  desk().environment.CACHE_DIR = desk().path("given");
  await (await open()).set("a", 1);
  await (await open("tests")).set("a", 2);
  expect(["given", "tests", "builds"].map((name) => existsSync(desk().path(name)))).toEqual([true, true, false]);
  desk().environment.CACHE_EPHEMERAL = "1";
  await expect(open()).rejects.toMatchObject(refused);
  delete desk().environment.CACHE_DIR;
  expect(await (await open()).get("a")).toBeUndefined();
});

test.each([
  ["CACHE_OFF", "yes"],
  ["CACHE_EPHEMERAL", "true"],
  ["CACHE_DIR", ""],
  ["CACHE_CONFIG", ""],
  ["CACHE_KEYRING_FILE", ""],
])("a variable that says nothing clear is refused: %s=%j", async (name, value) => {
  desk().own({ dir: "~/store" });
  desk().environment[name] = value;
  await expect(open()).rejects.toMatchObject(refused);
});

test.each([["by the environment"], ["by the configuration"]])(
  "a cache that is switched off %s misses, drops writes and leaves what is there",
  async (how) => {
    desk().own({ dir: "~/store" });
    await (await open()).set("a", 1);
    if (how === "by the environment") desk().environment.CACHE_OFF = "1";
    else desk().own({ dir: "~/store", off: true });
    const off = await open();
    await off.set("a", 2);
    await off.delete("a");
    expect(await off.get("a")).toBeUndefined();
    delete desk().environment.CACHE_OFF;
    desk().own({ dir: "~/store" });
    expect(await (await open()).get("a")).toBe(1);
  },
);

test("an ephemeral cache is sealed with a key of its own, and gone when it is closed", async () => {
  desk().own({ ephemeral: true, require: ["seal", "sign"] });
  const before = new Set(readdirSync(tmpdir()));
  const cache = await openCache(undefined, desk().here);
  await cache.set("a", "a value that nobody else reads");
  const made = readdirSync(tmpdir()).filter((each) => !before.has(each) && each.startsWith("cache-"));
  const files = made.flatMap((each) =>
    readdirSync(`${tmpdir()}/${each}`, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile())
      .map((file) => readFileSync(`${file.parentPath}/${file.name}`, "latin1")),
  );
  expect(files.length).toBeGreaterThan(0);
  expect(files.join("\n")).not.toContain("a value that nobody else reads");
  expect(await trustOf(cache)).toBe("signed");
  await cache.close();
  await expect(cache.get("a")).rejects.toThrow(TypeError);
});

test("keys come from the environment or a file, and what is signed so is believed by the same keys only", async () => {
  desk().own({ dir: "~/store" });
  desk().environment.CACHE_KEYRING = master();
  expect(await trustOf(await open())).toBe("signed");
  desk().environment.CACHE_KEYRING = master();
  expect(await (await open()).get("a")).toBeUndefined();
  desk().environment.CACHE_KEYRING_FILE = desk().path("keys");
  await expect(open()).rejects.toMatchObject(refused);
});

test("whom a configuration trusts is believed, and a cache without an identity only reads", async () => {
  const identity = SigningKey.generate();
  writeFileSync(desk().path("id"), formatKey(identity), { mode: 0o600 });
  const trusted = [formatKey(identity.publicKey)];
  desk().own({ dir: "~/store", sign: { trusted, identityFile: "~/id" } });
  expect(await trustOf(await open())).toBe("signed");
  desk().own({ dir: "~/store", sign: { trusted } });
  const reader = await open();
  expect(await reader.get("a")).toBe(1);
  await expect(reader.set("a", 2)).rejects.toMatchObject({ code: "ERR_CACHE_READ_ONLY" });
  desk().environment.CACHE_KEYRING = master();
  await expect(open()).rejects.toMatchObject(refused);
});

test.each([
  ["sign", "no keys", undefined],
  ["seal", "no keys", undefined],
  ["seal", "a key that only signs", formatKey(SigningKey.generate())],
])("a cache that lacks what is required is not opened: %s with %s", async (demand, _, key) => {
  desk().own({ require: [demand] });
  desk().environment.CACHE_KEYRING = key;
  const named = desk().write("named.json", { dir: "~/store", require: [] });
  await expect(open(undefined, { file: named })).rejects.toMatchObject(refused);
  expect(existsSync(desk().path("store"))).toBe(false);
  desk().environment.CACHE_KEYRING = master();
  expect(await trustOf(await open(undefined, { file: named }))).toBe("signed");
});

test("what was refused is in the audit file, and heard by the program too", async () => {
  desk().own({ dir: "~/store", auditFile: "~/audit" });
  desk().environment.CACHE_KEYRING = formatKey(SigningKey.generate());
  await (await open()).set("a", 1);
  desk().environment.CACHE_KEYRING = formatKey(SigningKey.generate());
  const heard: string[] = [];
  const cache = await open(undefined, { onEvent: ({ level }) => heard.push(level) });
  await cache.get("a");
  await cache.close();
  expect(heard.filter((level) => level !== "info").length).toBeGreaterThan(0);
  expect(readFileSync(desk().path("audit"), "utf8").trim().split("\n").length).toBeGreaterThan(1);
});

test("namespace and ttl of the program come before those of the configuration", async () => {
  desk().own({ namespace: "configured", ttl: "1d", dir: "~/store" });
  const cache = await open(undefined, { namespace: "own", ttl: "1s" });
  await cache.set("a", 1);
  expect(await (await open()).get("a")).toBeUndefined();
  expect(await cache.lookup("a")).toMatchObject({ state: "hit" });
});

test("an option that there is not is refused", async () => {
  mkdirSync(desk().path("store"));
  await expect(open(undefined, { cached: true } as never)).rejects.toThrow(TypeError);
});
