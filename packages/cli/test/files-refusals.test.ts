import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { useBench } from "./cli.ts";
import { masterText } from "./keys.ts";

const bench = useBench();
const RUN = ["--", process.execPath, "-e", "fs.writeFileSync('ran', '')"];
const files = (args: readonly string[], env: Record<string, string> = {}) => bench().run(["files", ...args], { env });

/** A file below the bench's directory, with the directories around it. */
function write(path: string, content = ""): string {
  const target = bench().path(path);
  mkdirSync(join(target, ".."), { recursive: true });
  writeFileSync(target, content, { mode: 0o600 });
  return target;
}

test("make: nothing is removed that the command works with, wherever it lies and whatever leads there", async () => {
  write("d/in", "input");
  write("d/keys", masterText());
  write("d/pass", "a passphrase that is long");
  write("d/cache.config.json", JSON.stringify({ caches: {} }));
  write("else/in", "input");
  symlinkSync("../else", bench().path("d/link"));
  symlinkSync("d", bench().path("to-d"));
  const before = readdirSync(bench().path("d")).sort();
  const off = { CACHE_OFF: "1" };
  const calls: [string[], Record<string, string>?][] = [
    [["d", "--of", "d/in"]],
    [["d", "--of", "d/in"], off],
    [["d/in", "--of", "d/in"]],
    [["d", "--of", "to-d/in"]],
    [["to-d", "--of", "d/in"]],
    [["d", "--of", "d/link/in"]],
    [["d", "--keyring-file", "d/keys"]],
    [["d", "--keyring-file", "d/keys"], off],
    [["d", "--keep", "--keyring-file", "d/keys"]],
    [["d"], { CACHE_KEYRING_FILE: "d/keys" }],
    [["d"], { CACHE_KEYRING_PASSPHRASE_FILE: "d/pass" }],
    [["d", "--config", "d/cache.config.json"]],
    [["d", "--dir", "d/new/store"]],
    [["d", "--dir", "d/new/store"], off],
    [["d", "--keep", "--dir", "d/new/store"]],
    [["d", "--dir", "to-d/new"]],
    [["v1", "--dir", "."]],
    [["."], off],
  ];
  for (const [args, env] of calls) {
    const { code, err } = await files(["make", "k", ...args, ...RUN], env);
    expect([args, code, err]).toEqual([
      args,
      2,
      expect.stringMatching(/(lies|is) in (what would be replaced|this path)/),
    ]);
  }
  expect(readdirSync(bench().path("d")).sort()).toEqual(before);
  expect(existsSync(bench().path("ran"))).toBe(false);
  expect((await files(["make", "k", "d", "--keep", "--of", "d/in", ...RUN])).code).toBe(0);
});

test("put: a cache that is not there yet is not put into what is kept", async () => {
  write("p1/a");
  for (const action of ["put", "get"]) expect((await files([action, "k", "p1", "--dir", "p1/new"])).code).toBe(2);
  expect(readdirSync(bench().path("p1"))).toEqual(["a"]);
});

test("put: a configured file of keys is not kept, under whatever name it lies there", async () => {
  write("d/a");
  const keys = write("keys", masterText());
  linkSync(keys, bench().path("d/innocent"));
  const env = { CACHE_KEYRING_FILE: keys };
  const refused = await files(["put", "k", "d"], env);
  expect([refused.code, refused.err]).toEqual([
    2,
    expect.stringMatching(/innocent is a file of keys.*ERR_CACHE_SECRET.*--exclude/),
  ]);
  expect((await files(["put", "k", "keys"], env)).code).toBe(2);
  const made = await files(["make", "k", "d", "--keep", ...RUN], env);
  expect([made.code, made.err]).toEqual([0, expect.stringContaining("ERR_CACHE_SECRET")]);
  expect((await files(["get", "k", "to"], env)).code).toBe(1);
  expect((await files(["put", "k", "d", "--exclude", "innocent"], env)).code).toBe(0);
});

test("a secret key where a name belongs is neither stored nor printed, and digests are names", async () => {
  write("a");
  const { privateKey } = generateKeyPairSync("ed25519");
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  for (const secret of [masterText(), pem]) {
    for (const args of [
      ["files", "put", secret, "a"],
      ["files", "get", secret, "to"],
      ["files", "make", secret, "to", ...RUN],
      ["files", "rm", secret],
      ["files", "ls", secret],
      ["files", "put", "k", `./../${secret}`],
      ["files", "get", "k", secret],
      ["files", "digest", secret],
      ["delta", "put", secret, "a"],
      ["delta", "rm", "--", secret],
    ])
      expect((await bench().run(args)).code).toBe(2);
    expect(bench().printed).not.toContain(secret.slice(20, 40));
  }
  expect(readdirSync(bench().root)).toEqual(["a"]);
  expect((await files(["put", randomBytes(32).toString("hex"), "a"])).code).toBe(0);
});

test.each([
  ["put", "k", "a", "--limit", "1B"],
  ["put", "k", "a", "--replace"],
  ["put", "k", "a", "--keep"],
  ["put", "k", "a", "--ttl", "soon"],
  ["get", "k", "to", "--ttl", "1d"],
  ["get", "k", "to", "--keep"],
  ["get", "k", "to", "--exclude", "a"],
  ["digest", "a", "--of", "a"],
  ["ls", "--of", "a"],
  ["rm", "k", "--replace"],
  ["digest", "a", "--exclude", ""],
  ["digest", "a", "--exclude", "/a"],
  ["digest", "a", "--exclude", "../a"],
  ["digest", "a", "--exclude", "b/.."],
])("%s %s %s: what is of no use to it is refused", async (...args) => {
  write("a");
  const { code, out, err } = await files(args);
  expect([code, out, err]).toEqual([2, "", expect.stringContaining("ERR_CACHE_USAGE")]);
});

test("what --exclude left out of nothing is told", async () => {
  write("d/x");
  write("d/sub/y");
  const [without, both] = [
    await files(["digest", "d", "--exclude", "x", "--exclude", "sub"]),
    await files(["digest", "d"]),
  ];
  expect([without.err, without.out === both.out]).toEqual(["", false]);
  const put = await files([
    "put",
    "k",
    "d",
    "--exclude",
    "d/x",
    "--exclude",
    ".//x",
    "--exclude",
    "sub//y/",
    "--exclude",
    "z",
  ]);
  expect([put.code, put.err.match(/--exclude \S+/g)]).toEqual([0, ["--exclude d/x", "--exclude z"]]);
  expect(put.out).toContain("0 files");
  const made = await files([
    "make",
    "k",
    "out",
    "--of",
    "d",
    "--exclude",
    "z",
    "--",
    process.execPath,
    "-e",
    "fs.mkdirSync('out')",
  ]);
  expect([made.code, made.err]).toEqual([0, expect.stringContaining("--exclude z left nothing out")]);
});
