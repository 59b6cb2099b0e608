import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { BIN, useBench } from "./cli.ts";

const bench = useBench();
const isRoot = process.getuid?.() === 0;
const ONE_LINE = /^cache: [^\n]+ \(ERR_CACHE_[A-Z_]+\)[^\n]*\n$/;

const WRONG: readonly (readonly [string, readonly string[]])[] = [
  ["an unknown command", ["frobnicate"]],
  ["help for an unknown command", ["help", "frobnicate"]],
  ["a name of Object's own", ["constructor"]],
  ["__proto__ as a command", ["__proto__"]],
  ["an option before the command", ["--json", "get", "a"]],
  ["an unknown option", ["get", "a", "--frob"]],
  ["an option without its value", ["get", "a", "--dir"]],
  ["a flag with a value", ["get", "a", "--json=yes"]],
  ["no key", ["get"]],
  ["two keys", ["get", "a", "b"]],
  ["an empty key", ["get", ""]],
  ["a key that is too long", ["get", "k".repeat(4097)]],
  ["a file that is not there", ["set", "a", "nowhere"]],
  ["a directory as input", ["set", "a", "."]],
  ["a time that is none", ["set", "a", "--ttl", "soon"]],
  ["a time of zero", ["set", "a", "--ttl", "0s"]],
  ["an empty directory name", ["get", "a", "--dir", ""]],
  ["a namespace with a line break", ["get", "a", "--namespace", "a\nb"]],
  ["a namespace that is too long", ["get", "a", "--namespace", "n".repeat(256)]],
  ["a digest that is too short", ["cat", "abc"]],
  ["a path for a digest", ["cat", "../../../etc/passwd"]],
  ["content as JSON", ["cat", "0".repeat(64), "--json"]],
  ["an unknown shell", ["completion", "tcsh"]],
  ["an unknown action on keys", ["keys", "frob"]],
  ["keys without a file", ["keys", "list"]],
  ["a configuration that is not there", ["get", "a", "--config", "nowhere.json"]],
  ["a configuration of no known kind", ["get", "a", "--config", "/dev/null"]],
  ["a configuration that is code and not there", ["get", "a", "--config", "nowhere.mjs"]],
  ["--config with --no-config", ["get", "a", "--config", "x.json", "--no-config"]],
];

test("a keyring file that is far too large is wrong use, not damage", async () => {
  const path = bench().path("keys");
  writeFileSync(path, "#".repeat(300_000), { mode: 0o600 });
  const ran = await bench().run(["ls", "--keyring-file", path]);
  expect(ran).toMatchObject({ code: 2, err: expect.stringContaining("ERR_CACHE_KEY_FORMAT") });
});

test.skipIf(process.platform === "win32")("a FIFO for a configuration is refused at once", async () => {
  for (const name of ["cache.config.json", "cache.config.mjs"]) {
    const path = bench().path(name);
    execFileSync("mkfifo", [path]);
    const ran = await bench().run(["get", "a", "--config", path]);
    expect(ran).toMatchObject({ code: 2, err: expect.stringContaining("it is not a file") });
  }
});

test.each([
  ["waits for ever", "await new Promise(() => {}); export default {};"],
  ["ends the process", "process.exit(0);"],
  ["fails behind our back", "Promise.reject(new Error('late')); await new Promise(() => {}); export default {};"],
])("a configuration that %s is neither a hit nor a miss", async (_, code) => {
  writeFileSync(bench().path("cache.config.mjs"), code);
  const ran = await bench().run(["get", "a", "--config", "cache.config.mjs"]);
  expect(ran).toMatchObject({ code: 70, out: "", err: expect.stringMatching(ONE_LINE) });
});

test.each([
  ["of a lifetime that is none", "export default { ttl: 'soon' };", /"ttl" is none: a duration/],
  [
    "whose fields cannot be read",
    "export default { get dir() { throw new Error('x'); } };",
    /reading its fields failed/,
  ],
])("a configuration %s exits with 2 and names the field or what failed, and the file", async (_, code, why) => {
  const path = bench().path("cache.config.mjs");
  writeFileSync(path, code);
  const ran = await bench().run(["get", "a"], { env: { CACHE_CONFIG: path } });
  expect(ran).toMatchObject({ code: 2, err: expect.stringMatching(ONE_LINE) });
  expect(ran.err).toMatch(why);
  expect(ran.err).toContain(path);
});

test("what a configuration that is code left running is not waited for", async () => {
  writeFileSync(bench().path("cache.config.mjs"), "setInterval(() => {}, 1000); export default {};");
  expect(await bench().run(["get", "a", "--config", "cache.config.mjs"])).toMatchObject({ code: 1 });
});

test("input that cannot be read is wrong use: standard input that is a directory", () => {
  const env = { PATH: process.env.PATH, HOME: bench().home, CACHE_DIR: bench().dir };
  for (const args of ["set k", "put -"]) {
    const { status, stderr } = spawnSync("sh", ["-c", `"${process.execPath}" "${BIN}" ${args} < /`], { env });
    expect([status, String(stderr)]).toEqual([2, expect.stringContaining("EISDIR")]);
  }
});

test.each(WRONG)("wrong use: %s exits with 2 and one line that helps", async (_, args) => {
  const ran = await bench().run(args);
  expect(ran).toMatchObject({ code: 2, out: "" });
  expect(ran.err).toMatch(ONE_LINE);
});

test("wrong use: CACHE_DEBUG=1 adds the stack trace, nothing else does", async () => {
  expect((await bench().run(["frob"])).err).not.toContain("    at ");
  expect((await bench().run(["frob"], { env: { CACHE_DEBUG: "1" } })).err).toContain("    at ");
});

test.each(["get $'\\xed\\xa0\\x80'", "get $'\\xff'", "put $'\\xff'", "get k --dir $'\\xff'"])(
  "what is no UTF-8 on the command line is refused instead of becoming another name: %s",
  (args) => {
    const script = `"$0" "$1" ${args} 2>&1; echo "code $?"`;
    const env = { PATH: process.env.PATH, CACHE_DIR: bench().dir };
    const out = execFileSync("bash", ["--norc", "-c", script, process.execPath, BIN], { env, encoding: "utf8" });
    expect(out.match(/not valid UTF-8/g)).toHaveLength(1);
    expect(out.match(/code 2/g)).toHaveLength(1);
  },
);

test("no command at all prints the help on standard error and exits with 2; --help prints it and exits with 0", async () => {
  expect(await bench().run([])).toMatchObject({ code: 2, out: "", err: expect.stringContaining("Usage: cache") });
  expect(await bench().run(["--help"])).toMatchObject({
    code: 0,
    err: "",
    out: expect.stringContaining("Usage: cache"),
  });
});

test("every command has its help", async () => {
  const { COMMANDS } = await import("../src/commands.ts");
  for (const name of Object.keys(COMMANDS)) {
    const ran = await bench().run([name, "--help"]);
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(ran.out).toMatch(new RegExp(`^Usage: cache ${name}`));
  }
});

test("--version prints the version of the package", async () => {
  expect((await bench().run(["--version"])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("completion: the script for bash is valid and knows every command", async () => {
  const { out } = await bench().run(["completion", "bash"]);
  execFileSync("bash", ["--norc", "-n"], { input: out });
  const script = `${out}\nCOMP_WORDS=(cache ve); COMP_CWORD=1; _cache_completion; echo "\${COMPREPLY[@]}"
COMP_WORDS=(cache keys pro); COMP_CWORD=2; _cache_completion; echo "\${COMPREPLY[@]}"
COMP_WORDS=(cache gc --dr); COMP_CWORD=2; _cache_completion; echo "\${COMPREPLY[@]}"`;
  expect(execFileSync("bash", ["--norc"], { input: script, encoding: "utf8" }).trim().split("\n")).toEqual([
    "verify",
    "promote protect",
    "--dry-run",
  ]);
});

test("completion: the scripts for zsh and fish name every command", async () => {
  const { COMMANDS } = await import("../src/commands.ts");
  for (const shell of ["zsh", "fish"]) {
    const { out, code } = await bench().run(["completion", shell]);
    expect(code).toBe(0);
    for (const name of Object.keys(COMMANDS)) expect(out).toContain(name);
  }
});

test("a store that cannot be written exits with 4 and names the platform's reason", async () => {
  writeFileSync(bench().path("file"), "");
  const ran = await bench().run(["set", "a", "--dir", "file/store"], { input: "x" });
  expect(ran).toMatchObject({ code: 4, out: "" });
  expect(ran.err).toMatch(ONE_LINE);
});

test.runIf(isRoot)("a full store exits with 4, and what was there is still read", async () => {
  const small = bench().path("small");
  mkdirSync(small, { mode: 0o700 });
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m,mode=700", "tmpfs", small]);
  try {
    expect((await bench().run(["set", "a", "--dir", small], { input: "kept" })).code).toBe(0);
    const ran = await bench().run(["put", "--dir", small], { input: Buffer.alloc(3_000_000, 7) });
    expect(ran).toMatchObject({ code: 4, out: "" });
    expect(ran.err).toContain("ENOSPC");
    expect((await bench().run(["get", "a", "--dir", small])).out).toBe("kept");
  } finally {
    execFileSync("umount", [small]);
  }
});

test.runIf(isRoot)("a store directory of somebody else is refused with exit code 4", async () => {
  mkdirSync(bench().dir, { mode: 0o700 });
  chownSync(bench().dir, 12_345, 12_345);
  for (const args of [["get", "a"], ["set", "a"], ["ls"], ["verify"], ["doctor"]]) {
    const ran = await bench().run(args, { input: "x" });
    expect(ran).toMatchObject({ code: 4, out: "" });
    expect(ran.err).toContain("ERR_CACHE_UNSAFE_PATH");
  }
});

test.runIf(isRoot)(
  "a configuration above another user's directory is ignored, and one others can write to is refused",
  async () => {
    const shared = bench().path("shared");
    const own = `${shared}/own`;
    mkdirSync(own, { recursive: true });
    writeFileSync(`${shared}/cache.config.json`, "{}");
    chownSync(shared, 12_345, 12_345);
    expect(await bench().run(["get", "a"], { cwd: own })).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringContaining("ignored"),
    });
    // Who works in a directory of somebody else's is told, as anywhere else.
    expect(await bench().run(["get", "a"], { cwd: shared })).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringContaining("ERR_CACHE_UNTRUSTED"),
    });
    chownSync(shared, 0, 0);
    chmodSync(shared, 0o777);
    expect(await bench().run(["get", "a"], { cwd: shared })).toMatchObject({
      code: 4,
      out: "",
      err: expect.stringContaining("UNSAFE_PATH"),
    });
    expect((await bench().run(["get", "a", "--no-config"], { cwd: shared })).code).toBe(1);
  },
);
