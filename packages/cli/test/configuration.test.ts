import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { useBench } from "./cli.ts";
import { masterText, tracesOf } from "./keys.ts";

const bench = useBench();
const placed = { env: { CACHE_DIR: undefined } };

test("--cache chooses a cache of the configuration, and each keeps its own", async () => {
  bench().configure({ default: "one", caches: { one: { dir: "~/one" }, two: { dir: "~/two" } } });
  await bench().run(["set", "a"], { ...placed, input: "of one" });
  await bench().run(["set", "a", "--cache", "two"], { ...placed, input: "of two" });
  expect((await bench().run(["get", "a", "--cache", "one"], placed)).out).toBe("of one");
  expect((await bench().run(["get", "a", "--cache", "two"])).out).toBe("of two");
  const unknown = await bench().run(["get", "a", "--cache", "three"], placed);
  expect(unknown).toMatchObject({ code: 2, err: expect.stringContaining("there are memory, void, one, two") });
});

test.each([
  ["switched off", { off: true }, [], "the configuration switches the cache off"],
  ["ephemeral", { ephemeral: true }, [], "the cache ends with this command"],
  ["in memory", {}, ["--cache", "memory"], "the cache ends with this command"],
  ["void", { default: "void" }, [], "the cache ends with this command"],
])("a cache that is %s misses, takes what it is given and says so", async (_, config, options, why) => {
  bench().configure(config);
  const stored = await bench().run(["set", "a", ...options], { ...placed, input: "value" });
  expect(stored).toMatchObject({ code: 0, err: `cache: ${why}: nothing was stored\n` });
  expect(await bench().run(["get", "a", ...options], placed)).toMatchObject({
    code: 1,
    out: "",
    err: `cache: ${why}: a miss\n`,
  });
  expect(readdirSync(bench().root)).toEqual([]);
});

test("a cache that ends with the command is in no directory that could be looked at", async () => {
  const ran = await bench().run(["stats", "--cache", "memory"]);
  expect(ran).toMatchObject({ code: 2, err: expect.stringContaining("ERR_CACHE_USAGE") });
  expect((await bench().run(["stats", "--cache", "memory", "--dir", "x"])).code).toBe(0);
});

test("config show says of each field where it came from, and what it prints can be used again", async () => {
  bench().configure({ ttl: "1d", require: ["seal"], caches: { builds: { dir: "~/builds" } } });
  mkdirSync(bench().path("deep"));
  writeFileSync(bench().path("cache.config.json"), JSON.stringify({ namespace: "n", ttl: "2d" }));
  await bench().run(["config", "trust"]);
  const key = masterText();
  const show = (...args: string[]) =>
    bench().run(["config", "show", ...args], { cwd: bench().path("deep"), env: { CACHE_KEYRING: key } });
  const [own, project] = [`${bench().home}/.config/cache/config.json`, bench().path("cache.config.json")];
  const shown = JSON.parse((await show("--json")).out);
  expect(shown).toEqual({
    cache: null,
    place: "directory",
    directory: bench().dir,
    files: [own, project],
    config: {
      namespace: "n",
      ttl: "2d",
      require: ["seal"],
      caches: { builds: { dir: `${bench().home}/builds` } },
    },
    sources: { namespace: project, ttl: project, "require.seal": own, "caches.builds.dir": own },
    outside: { dir: "CACHE_DIR", keys: "CACHE_KEYRING" },
  });
  writeFileSync(bench().path("again.json"), JSON.stringify(shown.config));
  const again = JSON.parse((await show("--json", "--config", bench().path("again.json"))).out);
  expect(again.config).toEqual(shown.config);
  const { out } = await show();
  for (const part of ["ttl", "2d", own, project, "CACHE_KEYRING"]) expect(out).toContain(part);
  for (const trace of tracesOf(key)) expect(bench().printed).not.toContain(trace);
});

test.runIf(process.getuid?.() === 0)(
  "a home that cannot be looked into is no home without a configuration",
  async () => {
    const ran = await bench().run(["get", "a"], { uid: 12_345, cwd: "/" });
    expect(ran).toMatchObject({ code: 2, out: "", err: expect.stringContaining("(EACCES)") });
  },
);

test("config list says what became of the files that were trusted, and untrust takes one off", async () => {
  const path = bench().path("cache.config.json");
  expect(await bench().run(["config", "list"])).toMatchObject({
    code: 0,
    out: "",
    err: "cache: no configuration is trusted\n",
  });
  writeFileSync(path, "{}");
  expect(JSON.parse((await bench().run(["config", "trust", ".", "--json"])).out)).toMatchObject({ path, config: {} });
  expect((await bench().run(["config", "list"])).out).toBe(`trusted    ${path}\n`);
  writeFileSync(path, "{ }");
  expect(JSON.parse((await bench().run(["config", "list", "--json"])).out)).toMatchObject({ path, state: "changed" });
  expect(await bench().run(["config", "untrust", path])).toMatchObject({ code: 0 });
  expect((await bench().run(["config", "untrust", path])).code).toBe(2);
});

test.each([
  [["config"]],
  [["config", "frob"]],
  [["config", "show", "x"]],
  [["config", "list", "x"]],
  [["config", "trust"]],
])("wrong use of config exits with 2: %j", async (args) => {
  expect(await bench().run(args)).toMatchObject({ code: 2, out: "" });
});
