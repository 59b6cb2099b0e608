import { chmodSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type CacheConfig, type CacheFields, loadConfig } from "../src/index.ts";
import { nearestConfig, trustConfig } from "../src/trust/index.ts";
import { useDesk } from "./desk.ts";

const desk = useDesk();

/** Writes and trusts a configuration in a directory of the home. */
async function place(folder: string, config: CacheConfig): Promise<string> {
  const path = desk().write(join(folder, "cache.config.json"), config as Record<string, unknown>);
  await trustConfig(path, desk().environment);
  return path;
}

const load = () => loadConfig(desk().here);

test("the user's file comes first, then files from the home directory down to the working directory", async () => {
  const files = [
    desk().own({ namespace: "user", ttl: "1d", maxBytes: "1GB", auditFile: "log" }),
    await place(".", { namespace: "home", ttl: "2d", maxBytes: "2GB" }),
    await place("src", { namespace: "src", ttl: "3d" }),
    await place("src/project", { namespace: "project" }),
  ];
  const config = await load();
  expect(config).toMatchObject({ namespace: "project", ttl: "3d", maxBytes: "2GB", files });
  expect(config.auditFile).toBe(desk().path(".config/cache/log"));
  expect(config.sources).toEqual({
    namespace: files[3],
    ttl: files[2],
    maxBytes: files[1],
    auditFile: files[0],
  });
});

test("nothing above the home directory counts", async () => {
  await place(".", { namespace: "above" });
  desk().environment = { ...desk().environment, HOME: desk().path("src") };
  desk().environment.XDG_CONFIG_HOME = desk().path(".config");
  expect((await load()).files).toEqual([]);
  if (process.platform !== "win32") symlinkSync("src", desk().path("link"));
  for (const home of process.platform === "win32" ? [] : ["src/", "link", "link/", "link/../src/."]) {
    desk().environment.HOME = `${desk().home}/${home}`;
    expect([home, (await load()).files]).toEqual([home, []]);
    expect(nearestConfig(desk().project, desk().environment)).toBe(undefined);
  }
  desk().environment.HOME = desk().path("nowhere");
  expect((await load()).files).toHaveLength(1);
});

test("root: true ends the walk, and not the user's own file", async () => {
  const own = desk().own({ ttl: "1d" });
  desk().write("src/cache.config.json", { namespace: "not trusted, and not looked at" });
  const nearest = await place("src/project", { root: true, namespace: "n" });
  expect(await load()).toMatchObject({ ttl: "1d", namespace: "n", files: [own, nearest] });
});

test("a file that is not trusted above one that is refuses all", async () => {
  desk().write("src/cache.config.json", {});
  await place("src/project", {});
  await expect(load()).rejects.toMatchObject({ code: "ERR_CACHE_UNTRUSTED" });
});

test("the user's own file counts beside one that is named, and when none is looked for", async () => {
  const own = desk().own({ ttl: "1d" });
  const named = desk().write("named.json", { namespace: "n" });
  expect(await loadConfig({ ...desk().here, file: named })).toMatchObject({ ttl: "1d", files: [own, named] });
  expect(await loadConfig({ ...desk().here, search: false })).toMatchObject({ ttl: "1d", files: [own] });
});

test("two configurations in one directory are refused", async () => {
  await place("src/project", {});
  desk().write("src/project/cache.config.mjs", "export default {};");
  await expect(load()).rejects.toMatchObject({ code: "ERR_CACHE_CONFIG" });
});

test("paths are relative to the file they stand in, or begin with the home directory", async () => {
  desk().own({ dir: "caches/a", keyringFile: "keys" });
  await place("src", { auditFile: "../audit", sign: { trusted: ["x"], identityFile: "~/id" } });
  expect(await load()).toMatchObject({
    dir: desk().path(".config/cache/caches/a"),
    keyringFile: desk().path(".config/cache/keys"),
    auditFile: desk().path("audit"),
    sign: { identityFile: desk().path("id") },
  });
});

test.each([
  [{ keyringFile: "keys" }],
  [{ keyringFile: "../keys" }],
  [{ sign: { trusted: ["x"], identityFile: "id" } }],
  [{ caches: { a: { keyringFile: "keys" } } }],
  [{ caches: { a: { sign: { trusted: ["x"], identityFile: "id" } } } }],
])("a file that is found names no key file that may have come with it: %j", async (config) => {
  const path = desk().write("src/project/cache.config.json", config);
  await expect(trustConfig(path, desk().environment)).rejects.toMatchObject({ code: "ERR_CACHE_CONFIG" });
  expect((await loadConfig({ ...desk().here, file: path })).files).toEqual([path]);
});

test.skipIf(process.platform === "win32")("a user's file that others can write to is refused", async () => {
  const own = desk().own({});
  chmodSync(own, 0o620);
  await expect(load()).rejects.toMatchObject({ code: "ERR_CACHE_UNSAFE_PATH" });
  chmodSync(own, 0o644);
  expect((await load()).files).toEqual([own]);
});

/** Where a cache lies is said in one of two ways, which exclude each other. */
const fields: fc.Arbitrary<CacheFields> = fc
  .record(
    {
      namespace: fc.constantFrom("a", "b", "c"),
      ttl: fc.constantFrom("1d", "2d"),
      off: fc.boolean(),
      dir: fc.constantFrom("/x", "/y"),
      ephemeral: fc.boolean(),
      sign: fc.constantFrom({ trusted: ["k1"] }, { trusted: ["k2"], identityFile: "/id" }),
    },
    { requiredKeys: [] },
  )
  .map(({ ephemeral, ...rest }) => (rest.dir === undefined && ephemeral !== undefined ? { ...rest, ephemeral } : rest));
const configs: fc.Arbitrary<CacheConfig> = fc
  .record({
    fields,
    caches: fc.dictionary(fc.constantFrom("one", "two"), fields),
    require: fc.subarray(["seal", "sign"] as const),
  })
  .map(({ fields: top, ...rest }) => ({ ...top, ...rest }));

const PLAIN = ["namespace", "ttl", "off", "sign"] as const;

test("of several files the nearest that says a field decides it, and demands are never fewer", async () => {
  await fc.assert(
    fc.asyncProperty(configs, configs, async (outer, inner) => {
      const own = desk().own(outer as Record<string, unknown>);
      const named = desk().write("named.json", inner as Record<string, unknown>);
      const { sources, ...config } = await loadConfig({ ...desk().here, file: named });
      const check = (prefix: string, whole: CacheFields, under: CacheFields = {}, over: CacheFields = {}): void => {
        for (const field of PLAIN) {
          expect(whole[field]).toEqual(over[field] ?? under[field]);
          const from = over[field] !== undefined ? named : own;
          if (whole[field] !== undefined) expect(sources[prefix + field]).toBe(from);
        }
        const placing = over.dir !== undefined || over.ephemeral !== undefined ? over : under;
        expect([whole.dir, whole.ephemeral]).toEqual([placing.dir, placing.ephemeral]);
      };
      check("", config, outer, inner);
      for (const name of Object.keys({ ...outer.caches, ...inner.caches }))
        check(`caches.${name}.`, config.caches?.[name] ?? {}, outer.caches?.[name], inner.caches?.[name]);
      const demanded = new Set([...(outer.require ?? []), ...(inner.require ?? [])]);
      expect(new Set(config.require)).toEqual(demanded);
    }),
    { numRuns: 60 },
  );
});

test("what was put together means the same when it is written to one file", async () => {
  await fc.assert(
    fc.asyncProperty(configs, configs, async (outer, inner) => {
      desk().own(outer as Record<string, unknown>);
      const named = desk().write("named.json", inner as Record<string, unknown>);
      const { files: _, sources: _sources, ...config } = await loadConfig({ ...desk().here, file: named });
      const again = desk().write("again.json", config as Record<string, unknown>);
      const environment = { HOME: desk().path("nobody") };
      const { files: _files, sources: _again, ...second } = await loadConfig({ environment, file: again });
      expect(second).toEqual(config);
    }),
    { numRuns: 30 },
  );
});
