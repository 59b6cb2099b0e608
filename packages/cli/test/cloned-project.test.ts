import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type How, type Ran, useBench } from "./cli.ts";
import { masterText, pairText } from "./keys.ts";

const bench = useBench();

const untrusted = { code: 2, out: "", err: expect.stringContaining("ERR_CACHE_UNTRUSTED") };

/** A repository with these files, cloned by whoever runs the command. @returns where the clone lies */
function clone(files: Readonly<Record<string, string | object>>): string {
  const [origin, copy] = [bench().path("origin"), bench().path("clone")];
  mkdirSync(origin);
  for (const [name, content] of Object.entries(files))
    writeFileSync(`${origin}/${name}`, typeof content === "string" ? content : JSON.stringify(content));
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], { cwd: bench().root, stdio: "pipe" });
  git("-C", origin, "init", "--quiet");
  git("-C", origin, "add", ".");
  git("-C", origin, "commit", "--quiet", "--message=first");
  git("clone", "--quiet", origin, copy);
  return copy;
}

/** In the clone, and without a directory that comes before that of a configuration. */
const inside = (cwd: string, env: How["env"] = {}): How => ({ cwd, env: { CACHE_DIR: undefined, ...env } });

test("A23: code in a cloned project is not run, by no command and by no trust", async () => {
  const mark = bench().path("mark");
  const cwd = clone({
    "cache.config.mjs": `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(mark)}, "ran"); export default {};`,
  });
  const commands = [
    ["get", "a"],
    ["set", "a"],
    ["config", "show"],
    ["keys", "list"],
    ["config", "trust"],
  ];
  for (const args of commands) expect(await bench().run(args, inside(cwd))).toMatchObject(untrusted);
  expect(existsSync(mark)).toBe(false);
  expect((await bench().run(["get", "a", "--config", "cache.config.mjs"], inside(cwd))).code).toBe(1);
  expect(existsSync(mark)).toBe(true);
});

test("A23: a cloned project names neither whom to trust nor where entries lie until it is trusted", async () => {
  const stranger = pairText();
  const entries = bench().path("entries");
  await bench().run(["set", "a", "--dir", entries], { env: { CACHE_KEYRING: stranger.secret }, input: "poisoned" });
  const cwd = clone({ "cache.config.json": { dir: entries, sign: { trusted: [stranger.public] } } });
  const get = (): Promise<Ran> => bench().run(["get", "a"], inside(cwd));
  expect(await get()).toMatchObject(untrusted);
  expect(await bench().run(["get", "a", "--no-config"], inside(cwd))).toMatchObject({ code: 1, out: "" });
  // Whoever trusts the stranger reads what the stranger wrote: that is what trust means.
  expect((await bench().run(["config", "trust"], inside(cwd))).out).toContain(stranger.public);
  expect((await get()).out).toBe("poisoned");
});

test("A23: a keyring file that came with a project is not used, trusted or not", async () => {
  const cwd = clone({ "cache.config.json": { keyringFile: "keys" }, keys: masterText() });
  expect(await bench().run(["get", "a"], inside(cwd))).toMatchObject(untrusted);
  const trusted = await bench().run(["config", "trust"], inside(cwd));
  expect(trusted).toMatchObject({ code: 2, out: "", err: expect.stringContaining("ERR_CACHE_CONFIG") });
});

test("A23: a trusted file that is pulled in another version is not used, and neither is one without it", async () => {
  const mine = pairText();
  const cwd = clone({ "cache.config.json": { dir: ".cache", sign: { trusted: [mine.public] } } });
  await bench().run(["config", "trust"], inside(cwd));
  expect((await bench().run(["get", "a"], inside(cwd))).code).toBe(1);
  // The same directory without its "sign" would take what anybody wrote there.
  await bench().run(["set", "a", "--dir", ".cache", "--no-config"], { ...inside(cwd), input: "planted" });
  writeFileSync(`${cwd}/cache.config.json`, JSON.stringify({ dir: ".cache" }));
  expect(await bench().run(["get", "a"], inside(cwd))).toMatchObject(untrusted);
  expect(await bench().run(["config", "show"], inside(cwd))).toMatchObject(untrusted);
});

test("A23: a link in place of a trusted file, and a file in a directory above, are not used", async () => {
  const cwd = clone({ "cache.config.json": { namespace: "n" } });
  await bench().run(["config", "trust"], inside(cwd));
  mkdirSync(`${cwd}/deep`);
  writeFileSync(`${cwd}/deep/cache.config.json`, JSON.stringify({ dir: "../.cache" }));
  expect(await bench().run(["get", "a"], inside(`${cwd}/deep`))).toMatchObject(untrusted);
  rmSync(`${cwd}/deep/cache.config.json`);
  expect((await bench().run(["get", "a"], inside(`${cwd}/deep`))).code).toBe(1);
  renameSync(`${cwd}/cache.config.json`, `${cwd}/real.json`);
  symlinkSync("real.json", `${cwd}/cache.config.json`);
  for (const where of [cwd, `${cwd}/deep`])
    expect(await bench().run(["get", "a"], inside(where))).toMatchObject({
      code: 4,
      out: "",
      err: expect.stringContaining("ERR_CACHE_UNSAFE_PATH"),
    });
});

test("A23: what the user's own file requires holds against a trusted project, an option and a variable", async () => {
  const cwd = clone({ "cache.config.json": { dir: ".cache", require: [] } });
  bench().configure({ require: ["seal"] });
  await bench().run(["config", "trust"], inside(cwd));
  for (const args of [
    ["get", "a"],
    ["get", "a", "--no-config"],
    ["get", "a", "--config", "cache.config.json"],
    ["get", "a", "--dir", "x"],
  ])
    expect(await bench().run(args, inside(cwd))).toMatchObject({
      code: 2,
      err: expect.stringContaining('requires "seal"'),
    });
  const ran = await bench().run(["get", "a"], inside(cwd, { CACHE_KEYRING: masterText() }));
  expect(ran).toMatchObject({ code: 1, err: "" });
});

test("A23: no variable trusts what is found", async () => {
  const cwd = clone({ "cache.config.json": { namespace: "n" } });
  const names = ["CACHE_TRUST", "CACHE_TRUSTED", "CACHE_UNTRUSTED", "CACHE_CONFIG_TRUST", "CI", "CACHE_DEBUG"];
  const env = Object.fromEntries(names.map((name) => [name, "1"]));
  expect(await bench().run(["get", "a"], inside(cwd, env))).toMatchObject({ code: 2, out: "" });
  const named = inside(cwd, { CACHE_CONFIG: "cache.config.json" });
  expect((await bench().run(["get", "a"], named)).code).toBe(1);
});
