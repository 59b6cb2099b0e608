import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs";

import { expect, test } from "vitest";
import { loadConfig } from "../src/index.ts";
import { nearestConfig, trustConfig, trustedConfigs, untrustConfig } from "../src/trust/index.ts";
import { useDesk } from "./desk.ts";

const desk = useDesk();
const FILE = "src/project/cache.config.json";
const LIST = ".config/cache/trusted.json";

const untrusted = { code: "ERR_CACHE_UNTRUSTED" };
const load = () => loadConfig(desk().here);
const trust = (name = FILE) => trustConfig(desk().path(name), desk().environment);

test("a file that is found counts once it is trusted, and is refused before and when a byte of it has changed", async () => {
  const path = desk().write(FILE, { namespace: "n" });
  await expect(load()).rejects.toMatchObject(untrusted);
  await trust();
  expect(await load()).toMatchObject({ namespace: "n", files: [path], sources: { namespace: path } });
  desk().write(FILE, `${JSON.stringify({ namespace: "n" })} `);
  await expect(load()).rejects.toMatchObject({ ...untrusted, message: expect.stringContaining("it has changed") });
  await trust();
  expect(await load()).toMatchObject({ namespace: "n" });
  await untrustConfig(path, desk().environment);
  await expect(load()).rejects.toMatchObject(untrusted);
});

test("the message of a refusal names the file and every way on", async () => {
  const path = desk().write(FILE, {});
  const message = await load().then(() => "used", String);
  for (const part of [path, "cache config trust", "--config", "--no-config"]) expect(message).toContain(part);
});

test("what is not trusted meets no parser", async () => {
  desk().write(FILE, "{ not json");
  await expect(load()).rejects.toMatchObject(untrusted);
});

test("trust is for a path: the same bytes elsewhere are not trusted", async () => {
  desk().write(FILE, {});
  await trust();
  renameSync(desk().project, desk().path("src/other"));
  mkdirSync(desk().project);
  await expect(loadConfig({ ...desk().here, cwd: desk().path("src/other") })).rejects.toMatchObject(untrusted);
  expect((await load()).files).toEqual([]);
});

test("a symbolic link in place of a configuration is neither used nor trusted, whatever it leads to", async () => {
  desk().write(FILE, { namespace: "n" });
  await trust();
  renameSync(desk().path(FILE), desk().path("elsewhere.json"));
  symlinkSync(desk().path("elsewhere.json"), desk().path(FILE));
  await expect(load()).rejects.toMatchObject({ code: "ERR_CACHE_UNSAFE_PATH" });
  await expect(trust()).rejects.toMatchObject({ code: "ERR_CACHE_UNSAFE_PATH" });
});

test("a directory that is reached through a link is the one that it leads to", async () => {
  desk().write(FILE, { namespace: "n" });
  symlinkSync(desk().project, desk().path("link"));
  await trustConfig(desk().path("link/cache.config.json"), desk().environment);
  expect(await loadConfig({ ...desk().here, cwd: desk().path("link") })).toMatchObject({ namespace: "n" });
  expect(await load()).toMatchObject({ namespace: "n" });
});

test.each(["cache.config.mjs", "cache.config.js", "cache.config.ts"])(
  "code that is found is never run and cannot be trusted: %s",
  async (name) => {
    const mark = desk().path("mark");
    const path = desk().write(
      `src/project/${name}`,
      `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(mark)}, "ran"); export default {};`,
    );
    await expect(load()).rejects.toMatchObject(untrusted);
    await expect(trustConfig(path, desk().environment)).rejects.toMatchObject(untrusted);
    await expect(load()).rejects.toMatchObject(untrusted);
    expect(existsSync(mark)).toBe(false);
  },
);

test("code that is named runs, and that is said before", async () => {
  const path = desk().write("src/project/cache.config.mjs", "export default { namespace: 'n' };");
  const told: string[] = [];
  const config = await loadConfig({ ...desk().here, file: path, onCode: () => told.push("before") });
  expect([config.namespace, told]).toEqual(["n", ["before"]]);
  desk().environment.CACHE_CONFIG = "cache.config.mjs";
  expect((await load()).files).toEqual([path]);
  expect((await loadConfig({ ...desk().here, search: false })).files).toEqual([]);
});

test("a configuration that cannot be used is not trusted", async () => {
  for (const bad of ["{", "[]", '{"verify": false}', '{"keyringFile": "keys"}']) {
    desk().write(FILE, bad);
    await expect(trust()).rejects.toMatchObject({ code: "ERR_CACHE_CONFIG" });
  }
  rmSync(desk().path(FILE));
  await expect(trust()).rejects.toMatchObject({ code: "ERR_CACHE_CONFIG" });
  expect(trustedConfigs(desk().environment)).toEqual([]);
});

test("trust tells what the file says and what identifies its bytes", async () => {
  const path = desk().write(FILE, { dir: ".cache", ttl: "7d" });
  const { createHash } = await import("node:crypto");
  const digest = createHash("sha256")
    .update(JSON.stringify({ dir: ".cache", ttl: "7d" }))
    .digest("hex");
  expect(await trust()).toMatchObject({ path, digest, config: { dir: ".cache", ttl: "7d" } });
});

test("the list of trusted files is private, and says what became of each", async () => {
  const names = ["src/a", "src/b", "src/c", "src/d"].map((folder) => `${folder}/cache.config.json`);
  for (const name of names) {
    desk().write(name, {});
    await trust(name);
  }
  expect(statSync(desk().path(LIST)).mode & 0o777).toBe(0o600);
  desk().write(names[1] as string, { namespace: "changed" });
  rmSync(desk().path("src/c"), { recursive: true });
  rmSync(desk().path(names[3] as string));
  mkdirSync(desk().path(names[3] as string));
  const states = trustedConfigs(desk().environment).map(({ path, state }) => [path, state]);
  expect(states).toEqual(
    ["trusted", "changed", "gone", "unreadable"].map((state, index) => [desk().path(names[index] as string), state]),
  );
});

test("what is gone can be trusted no more, and what never was is said", async () => {
  desk().write(FILE, {});
  await trust();
  rmSync(desk().project, { recursive: true });
  await untrustConfig(desk().path(FILE), desk().environment);
  expect(trustedConfigs(desk().environment)).toEqual([]);
  await expect(untrustConfig(desk().path(FILE), desk().environment)).rejects.toMatchObject({
    code: "ERR_CACHE_CONFIG",
  });
});

test("files that are trusted at the same time are all in the list", async () => {
  const names = Array.from({ length: 8 }, (_, index) => `src/p${index}/cache.config.json`);
  for (const name of names) desk().write(name, {});
  await Promise.all(names.map(trust));
  expect(trustedConfigs(desk().environment)).toHaveLength(8);
});

test.skipIf(process.platform === "win32")(
  "a list that others can write to is not believed, and not taken over",
  async () => {
    desk().write(FILE, {});
    await trust();
    for (const [name, mode] of [
      [LIST, 0o600],
      [".config/cache", 0o700],
    ] as const) {
      chmodSync(desk().path(name), mode | 0o020);
      await expect(load()).rejects.toMatchObject({ code: "ERR_CACHE_UNSAFE_PATH" });
      await expect(trust()).rejects.toMatchObject({ code: "ERR_CACHE_UNSAFE_PATH" });
      chmodSync(desk().path(name), mode);
    }
    expect((await load()).files).toHaveLength(1);
  },
);

test.each([
  ["no JSON", "{"],
  ["null", "null"],
  ["another format", '{"format":"x","version":1,"files":{}}'],
  ["another version", '{"format":"cache-trust","version":2,"files":{}}'],
  ["no files", '{"format":"cache-trust","version":1}'],
  ["files that are null", '{"format":"cache-trust","version":1,"files":null}'],
  ["files that are a number", '{"format":"cache-trust","version":1,"files":1}'],
  ["a digest that is none", '{"format":"cache-trust","version":1,"files":{"/x":"*"}}'],
])("a list that is %s trusts nothing and stays as it is", async (_, text) => {
  desk().write(FILE, {});
  desk().write(LIST, text);
  const refused = { code: "ERR_CACHE_CONFIG", message: expect.stringContaining("no list of trusted files") };
  await expect(load()).rejects.toMatchObject(refused);
  await expect(trust()).rejects.toMatchObject(refused);
});

test("the list lies where XDG_CONFIG_HOME says, when that is an absolute path", async () => {
  desk().environment = { HOME: desk().home, XDG_CONFIG_HOME: "relative" };
  desk().write(FILE, {});
  await trust();
  expect(existsSync(desk().path(LIST))).toBe(true);
  desk().environment = { HOME: desk().home, XDG_CONFIG_HOME: desk().path("settings") };
  await expect(load()).rejects.toMatchObject(untrusted);
  await trust();
  expect(existsSync(desk().path("settings/cache/trusted.json"))).toBe(true);
});

test("the nearest configuration is the one that a walk finds first", () => {
  const environment = desk().environment;
  expect(nearestConfig(desk().project, environment)).toBeUndefined();
  const above = desk().write("src/cache.config.json", {});
  expect(nearestConfig(desk().project, environment)).toBe(above);
  const here = desk().write("src/project/cache.config.mjs", "");
  expect(nearestConfig(desk().project, environment)).toBe(here);
});
