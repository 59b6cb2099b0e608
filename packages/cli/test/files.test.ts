import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BIN, useBench } from "./cli.ts";
import { masterText, pairText } from "./keys.ts";

const bench = useBench();

/** Makes a directory of sources. */
function sources(path: string): string {
  mkdirSync(join(path, "node_modules/a"), { recursive: true });
  writeFileSync(join(path, "a.ts"), "source");
  writeFileSync(join(path, "node_modules/a/index.js"), "installed");
  return path;
}

const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");

test("files: a directory goes in and comes out, sealed, and nothing is replaced unasked", async () => {
  const { dir } = bench();
  const [run, path] = [bench().run.bind(bench()), bench().path.bind(bench())];
  const keys = ["--keyring-file", path("keys")];
  await run(["keys", "new", ...keys]);
  const from = sources(path("from"));
  const exclude = ["--exclude", "node_modules"];
  const stored = JSON.parse((await run(["files", "put", "k", from, ...exclude, "--json", ...keys])).out);
  expect(stored).toMatchObject({ kind: "directory", files: 1, size: 6 });

  const got = await run(["files", "get", "k", path("to"), "--json", ...keys]);
  expect([got.code, JSON.parse(got.out)]).toEqual([0, { state: "hit", ...stored }]);
  expect(readdirSync(path("to"))).toEqual(["a.ts"]);
  expect((await run(["files", "digest", path("to")])).out).toBe(`${stored.digest}\n`);
  expect((await run(["files", "digest", from, ...exclude])).out).toBe(`${stored.digest}\n`);
  expect((await run(["files", "digest", from, path("to")])).out).not.toContain(stored.digest);

  writeFileSync(path("to/a.ts"), "mine");
  const refused = await run(["files", "get", "k", path("to"), ...keys]);
  expect([refused.code, refused.err.includes("--replace")]).toEqual([4, true]);
  expect(readFileSync(path("to/a.ts"), "utf8")).toBe("mine");
  expect((await run(["files", "get", "k", path("to"), "--replace", ...keys])).code).toBe(0);
  expect(readFileSync(path("to/a.ts"), "utf8")).toBe("source");

  const listed = lines((await run(["files", "ls", "--json", ...keys])).out).map((line) => JSON.parse(line));
  expect(listed).toEqual([{ key: "k", ...stored }]);
  expect((await run(["files", "get", "k", path("small"), "--limit", "5B", ...keys])).err).toContain("ERR_CACHE_LIMIT");
  expect((await run(["files", "rm", "k", ...keys])).code).toBe(0);
  expect((await run(["files", "get", "k", path("gone"), ...keys])).code).toBe(1);
  expect([existsSync(path("gone")), existsSync(path("small"))]).toEqual([false, false]);
  for (const file of readdirSync(dir, { recursive: true, withFileTypes: true }))
    if (file.isFile()) expect(readFileSync(join(file.parentPath, file.name)).includes("source")).toBe(false);
});

test("files: make runs a command once for each key, and ends as it does", async () => {
  const [run, path] = [bench().run.bind(bench()), bench().path.bind(bench())];
  const out = path("out");
  const script = (code: string) => ["--", process.execPath, "-e", code];
  const build =
    script(`fs.mkdirSync(${JSON.stringify(out)}); fs.writeFileSync(${JSON.stringify(join(out, "a"))}, "made");
    console.log("built with", process.env.CACHE_KEYRING ?? "no keys")`);
  const env = { CACHE_KEYRING: masterText() };
  expect(await run(["files", "make", "k", out, ...build], { env })).toMatchObject({
    code: 0,
    out: "built with no keys\n",
  });
  rmSync(out, { recursive: true });
  const again = await run(["files", "make", "k", out, ...build], { env });
  expect([again.code, again.out, again.err.includes("restored")]).toEqual([0, "", true]);
  expect(readFileSync(join(out, "a"), "utf8")).toBe("made");

  expect((await run(["files", "make", "other", out, ...script("process.exit(7)")])).code).toBe(7);
  expect((await run(["files", "make", "other", out, ...script("process.kill(process.pid, 'SIGKILL')")])).code).toBe(
    137,
  );
  expect((await run(["files", "get", "other", path("to")])).code).toBe(1);
  expect((await run(["files", "make", "k", out, "--", "no-such-program"])).code).toBe(2);
});

test("files: what is altered is no result: get refuses it, and make makes it anew", async () => {
  const { dir } = bench();
  const [run, path] = [bench().run.bind(bench()), bench().path.bind(bench())];
  const from = sources(path("from"));
  await run(["files", "put", "k", from]);
  const spoil = () => {
    for (const file of readdirSync(join(dir, "v1/blobs"), { recursive: true, withFileTypes: true }))
      if (file.isFile()) writeFileSync(join(file.parentPath, file.name), "poison");
  };
  spoil();
  const refused = await run(["files", "get", "k", path("to"), "--json"]);
  expect([refused.code, JSON.parse(refused.out).state]).toEqual([3, "rejected"]);
  expect(existsSync(path("to"))).toBe(false);

  await run(["files", "put", "k", from]);
  spoil();
  const made = await run(["files", "make", "k", from, "--keep", "--", process.execPath, "-e", "console.log('made')"]);
  expect([made.code, made.out, made.err.includes("not believed")]).toEqual([0, "made\n", true]);
  expect((await run(["files", "get", "k", path("to")])).code).toBe(0);
});

test("files: a cache that is off, or cannot be used, costs no command its result", async () => {
  const [run, path] = [bench().run.bind(bench()), bench().path.bind(bench())];
  const from = sources(path("from"));
  const command = ["files", "make", "k", from, "--keep", "--", process.execPath, "-e", "console.log('made')"];
  expect(await run(command, { env: { CACHE_OFF: "1" } })).toMatchObject({ code: 0, out: "made\n" });
  expect((await run(["files", "put", "k", from], { env: { CACHE_OFF: "1" } })).code).toBe(0);
  expect((await run(["files", "get", "k", path("to")], { env: { CACHE_OFF: "1" } })).code).toBe(1);
  writeFileSync(path("file"), "");
  const unusable = await run([...command.slice(0, 5), "--dir", path("file/cache"), ...command.slice(5)]);
  expect([unusable.code, unusable.out, unusable.err.includes("nothing was stored")]).toEqual([0, "made\n", true]);
  const reader = await run(command, { env: { CACHE_KEYRING: pairText().public } });
  expect([reader.code, reader.out, reader.err.includes("nothing was stored")]).toEqual([0, "made\n", true]);
});

test("files: a key with what it depends on is another key when that changes, and nothing of an older result is stored", async () => {
  const [run, path] = [bench().run.bind(bench()), bench().path.bind(bench())];
  const [from, out] = [sources(path("from")), path("out")];
  const copy = `fs.cpSync(${JSON.stringify(from)}, ${JSON.stringify(out)}, { recursive: true, force: false, errorOnExist: true })`;
  const of = ["--of", from, "--exclude", "node_modules"];
  const build = () =>
    run(["files", "make", "dist", out, ...of, "--", process.execPath, "-e", `${copy};console.log("ran")`]);
  writeFileSync(path("from/old.ts"), "old");
  expect(await build()).toMatchObject({ code: 0, out: "ran\n" });
  rmSync(path("from/old.ts"));
  expect(await build()).toMatchObject({ code: 0, out: "ran\n" });
  expect(existsSync(path("out/old.ts"))).toBe(false);
  writeFileSync(path("from/node_modules/a/index.js"), "another version");
  expect(await build()).toMatchObject({ code: 0, out: "" });
  writeFileSync(path("from/old.ts"), "old");
  expect(await build()).toMatchObject({ code: 0, out: "" });
  expect(existsSync(path("out/old.ts"))).toBe(true);
  expect((await run(["files", "get", "dist", path("to"), ...of])).code).toBe(0);
  expect((await run(["files", "make", "dist", out, "--of", "no-such", "--", "true"])).code).toBe(2);
});

test("files: make ends well whatever the cache does not take of what was made", async () => {
  const [run, path] = [bench().run.bind(bench()), bench().path.bind(bench())];
  const out = path("out");
  const script = (code: string) => ["--", process.execPath, "-e", code.replaceAll("OUT", JSON.stringify(out))];
  for (const code of ["fs.symlinkSync('/etc/passwd', OUT)", "fs.mkdirSync(OUT); fs.writeFileSync(OUT + '/a:b', '')"]) {
    const made = await run(["files", "make", "k", out, ...script(code)]);
    expect([made.code, existsSync(out)]).toEqual([0, true]);
  }
  bench().configure({ maxBytes: "1MB" });
  const small = await run(["files", "make", "k", out, ...script("fs.writeFileSync(OUT, Buffer.alloc(3e6))")]);
  expect([small.code, small.err.includes("nothing was stored")]).toEqual([0, true]);
  const none = await run(["files", "make", "none", out, ...script("")]);
  expect([none.code, none.err.includes("did not make")]).toEqual([2, true]);
});

test("files: a path that holds the cache, or where the command runs, is neither kept nor replaced", async () => {
  const [run, root, dir] = [bench().run.bind(bench()), bench().root, bench().dir];
  await run(["set", "k"], { input: "value" });
  for (const args of [
    ["put", "all", root],
    ["get", "all", root, "--replace"],
    ["make", "all", root, "--", "true"],
    ["make", "all", ".", "--", "true"],
    ["put", "all", dir],
  ])
    expect((await run(["files", ...args])).code).toBe(2);
  expect((await run(["get", "k"])).out).toBe("value");
});

test.runIf(process.platform === "linux")("files: get that is stopped leaves nothing beside the place", async () => {
  const [run, path] = [bench().run.bind(bench()), bench().path.bind(bench())];
  mkdirSync(path("from"));
  for (let at = 0; at < 40; at++) writeFileSync(path(`from/${at}`), Buffer.alloc(2_000_000, at));
  await run(["files", "put", "k", path("from")]);
  mkdirSync(path("place"));
  const child = spawn(process.execPath, [BIN, "files", "get", "k", path("place/to")], {
    env: { CACHE_DIR: bench().dir },
  });
  while (readdirSync(path("place")).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill("SIGINT");
  const [, signal] = await once(child, "close");
  expect([signal, readdirSync(path("place"))]).toEqual(["SIGINT", []]);
});

test.each([
  [["files"]],
  [["files", "put", "k"]],
  [["files", "put", "k", ".", "more"]],
  [["files", "put", "", "."]],
  [["files", "put", "k", "no-such-file"]],
  [["files", "make", "k", "."]],
  [["files", "digest"]],
  [["files", "rm"]],
  [["files", "ls", "a", "b"]],
  [["files", "steal"]],
])("wrong use: %s ends with 2", async (args) => {
  expect((await bench().run(args)).code).toBe(2);
});
