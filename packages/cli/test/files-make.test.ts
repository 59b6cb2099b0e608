import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { BIN, type How, useBench } from "./cli.ts";

const bench = useBench();

/** A command of Node. */
const node = (code: string): string[] => ["--", process.execPath, "-e", code];
const make = (args: readonly string[], how?: How) => bench().run(["files", "make", ...args], how);
const read = (name: string): string => readFileSync(bench().path(name), "utf8");
const COPY = "fs.copyFileSync('in', 'out')";

test("make: of an input that changes while the command runs, nothing is stored", async () => {
  const write = (text: string) => writeFileSync(bench().path("in"), text);
  write("v1");
  const changed = await make(["k", "out", "--of", "in", ...node(`fs.writeFileSync('in', 'v2');${COPY}`)]);
  expect([changed.code, read("out"), changed.err]).toEqual([0, "v2", expect.stringContaining("changed while")]);
  const gone = await make(["k", "out", "--of", "in", ...node(`${COPY};fs.rmSync('in')`)]);
  expect([gone.code, gone.err]).toEqual([0, expect.stringContaining("changed while")]);
  write("v1");
  expect(await make(["k", "out", "--of", "in", ...node(COPY)])).toMatchObject({ code: 0 });
  expect(read("out")).toBe("v1");
  const hit = await make(["k", "out", "--of", "in", ...node("process.exit(9)")]);
  expect([hit.code, read("out")]).toEqual([0, "v1"]);
});

test("make: what is made, and the cache, are no part of the directory that it is made of", async () => {
  const { root } = bench();
  writeFileSync(bench().path("in"), "v1");
  const build = (path: string) =>
    make(["k", path, "--of", ".", "--dir", "kept", ...node(`${COPY};console.log('ran')`)]);
  expect(await build("out")).toMatchObject({ code: 0, out: "ran\n" });
  expect(await build("out")).toMatchObject({ code: 0, out: "" });
  expect(await build(`${root}/./out`)).toMatchObject({ code: 0, out: "" });
  const got = await bench().run(["files", "get", "k", "out", "--of", ".", "--dir", "kept", "--replace"]);
  expect(got).toMatchObject({ code: 0 });
  writeFileSync(bench().path("more"), "");
  expect(await build("out")).toMatchObject({ code: 0, out: "ran\n" });
});

/** Says when it began, and waits for `go` before it makes the second half. It ends with the test, be that as it may. */
const SLOWLY = `fs.mkdirSync('out'); fs.writeFileSync('out/first', process.argv[1]); fs.writeFileSync('began', '');
  const timer = setInterval(() => { if (!fs.existsSync('began')) process.exit(1); if (!fs.existsSync('go')) return;
    clearInterval(timer); fs.writeFileSync('out/second', process.argv[1]); fs.writeFileSync('ended', ''); }, 5)`;

/** Starts a command that makes something slowly, and waits until it does. */
async function begin(key: string) {
  const env = { PATH: process.env.PATH, HOME: bench().home, CACHE_DIR: bench().dir };
  const args = ["files", "make", key, "out", ...node(SLOWLY), key];
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: bench().root,
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let err = "";
  child.stderr.on("data", (piece: Buffer) => {
    err += piece;
  });
  const told = async (text: string | RegExp) => {
    while (err.match(text) === null) await once(child.stderr, "data");
  };
  return { child, told, ended: once(child, "exit") };
}

async function until(name: string): Promise<void> {
  while (!existsSync(bench().path(name))) await new Promise((resolve) => setTimeout(resolve, 5));
}

const KEYS = ["one", "two"];

test("make: two that make one path at once do so one after the other, and neither stores what the other made", async () => {
  const one = await begin("one");
  await until("began");
  const two = await begin("two");
  await two.told(/is waited for/);
  expect(read("out/first")).toBe("one");
  writeFileSync(bench().path("go"), "");
  expect((await Promise.all([one.ended, two.ended])).map(([code]) => code)).toEqual([0, 0]);
  for (const key of KEYS) {
    expect((await bench().run(["files", "get", key, key])).code).toBe(0);
    expect([read(`${key}/first`), read(`${key}/second`)]).toEqual([key, key]);
  }
});

test.runIf(process.platform === "linux")(
  "make: the turn of one that was killed lasts as long as its command runs, and no longer",
  async () => {
    const one = await begin("one");
    await until("began");
    one.child.kill("SIGKILL");
    await one.ended;
    const two = await begin("two");
    await two.told(/is waited for/);
    expect(read("out/first")).toBe("one");
    writeFileSync(bench().path("go"), "");
    expect(await two.ended).toEqual([0, null]);
    expect((await bench().run(["files", "get", "two", "to"])).code).toBe(0);
    expect([read("to/first"), read("to/second")]).toEqual(["two", "two"]);
    expect((await bench().run(["files", "get", "one", "none"])).code).toBe(1);
  },
);

test("make: a command that makes the same path in its turn does not wait for itself", async () => {
  const inner = [process.execPath, BIN, "files", "make", "inner", "out", ...node("fs.writeFileSync('out', 'made')")];
  const [command, ...args] = inner.map((each) => JSON.stringify(each));
  const run = `require('child_process').execFileSync(${command}, [${args}], { stdio: 'inherit' })`;
  expect(await make(["outer", "out", ...node(run)])).toMatchObject({ code: 0 });
  for (const key of ["inner", "outer"]) expect((await bench().run(["files", "get", key, key])).code).toBe(0);
  expect([read("inner"), read("outer")]).toEqual(["made", "made"]);
});

test("make: what is wrong about the call costs nothing of what is there", async () => {
  mkdirSync(bench().path("out"));
  writeFileSync(bench().path("out/precious"), "mine");
  writeFileSync(bench().path("in"), "");
  const ran = node("fs.writeFileSync('ran', '')");
  for (const wrong of [
    ["k", "out", "--ttl", "bogus", ...ran],
    ["k", "out", "--limit", "much", ...ran],
    ["k", "out", "--", "no-such-program"],
    ["k", "out", "--", "./in"],
    ["k", "out", "--", ""],
    ["k", "out", "--replace", ...ran],
    ["k", "out", "--exclude", "a", ...ran],
    ["k", "out", "--of", "in", "--exclude", "", ...ran],
    ["k", "n".repeat(300), ...ran],
    ["k", "in/below", ...ran],
    ["k", "in/", ...ran],
  ]) {
    const { code, err } = await make(wrong);
    expect([wrong, code, err]).toEqual([wrong, 2, expect.stringContaining("ERR_CACHE_USAGE")]);
  }
  expect(await make(["k", "out", "--", "no-such-program"], { env: { CACHE_OFF: "1" } })).toMatchObject({ code: 2 });
  expect(readdirSync(bench().root).sort()).toEqual(["in", "out"]);
  expect(read("out/precious")).toBe("mine");
});

test("make: a result that somebody still writes to is there, and is not stored", async () => {
  // Written by a child that outlives the command, until it is told to stop.
  const writer = `for (let at = 0; !fs.existsSync('stop') && at < 2e4; at++) fs.writeFileSync('out/' + at % 50, 'x'.repeat(at % 9999))`;
  const run = `fs.mkdirSync('out'); fs.writeFileSync('out/first', '');
    require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(writer)}], { stdio: 'ignore', detached: true }).unref();
    while (!fs.existsSync('out/49'));`;
  const { code, err } = await make(["k", "out", ...node(run)]);
  writeFileSync(bench().path("stop"), "");
  expect([code, err]).toEqual([0, expect.stringMatching(/nothing was stored: .*(changed while it was read|ENOENT)/)]);
});

test("make: restores no more than it may, and a link with a slash behind it is removed itself", async () => {
  const write = (text: string) => node(`fs.mkdirSync('out'); fs.writeFileSync('out/a', '${text}')`);
  expect(await make(["k", "out", ...write("12345")])).toMatchObject({ code: 0 });
  const small = await make(["k", "out", "--limit", "4B", ...write("1")]);
  expect([small.code, read("out/a"), small.err]).toEqual([0, "1", expect.stringContaining("ERR_CACHE_LIMIT")]);
  rmSync(bench().path("out"), { recursive: true });
  mkdirSync(bench().path("real"));
  writeFileSync(bench().path("real/old"), "");
  symlinkSync("real", bench().path("out"));
  expect(await make(["other", "out/", ...write("2")])).toMatchObject({ code: 0 });
  expect([readdirSync(bench().path("out")), readdirSync(bench().path("real"))]).toEqual([["a"], ["old"]]);
});
