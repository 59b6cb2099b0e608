import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { BIN, useBench } from "./cli.ts";

const bench = useBench();

/** The only stored file of a kind. */
function storedFile(dir: string, kind: string): string {
  const root = join(dir, "v1", kind);
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => /[0-9a-f]{64}$/.test(name));
  expect(files).toHaveLength(1);
  return join(root, files[0] as string);
}

function flipLastByte(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
  writeFileSync(path, bytes);
}

test("set and get: the very bytes come back in another process, from standard input and from a file", async () => {
  const value = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7) % 256);
  expect((await bench().run(["set", "a"], { input: value })).code).toBe(0);
  const found = await bench().run(["get", "a"]);
  expect(found.code).toBe(0);
  expect(Buffer.from(found.bytes).equals(value)).toBe(true);
  writeFileSync(bench().path("in"), "from a file");
  expect((await bench().run(["set", "b", "in"])).code).toBe(0);
  expect((await bench().run(["get", "b"])).out).toBe("from a file");
});

test("set: an empty value is a value", async () => {
  await bench().run(["set", "a"], { input: "" });
  expect(await bench().run(["get", "a"])).toMatchObject({ code: 0, out: "", err: "" });
});

test("get: a miss prints nothing and exits with 1", async () => {
  expect(await bench().run(["get", "none"])).toMatchObject({ code: 1, out: "", err: "" });
  expect(await bench().run(["get", "none", "--json"])).toMatchObject({ code: 1, out: '{"state":"miss"}\n' });
});

test("get --json: one document tells the value in base64, and why it is believed", async () => {
  await bench().run(["set", "a"], { input: "hello" });
  const found = JSON.parse((await bench().run(["get", "a", "--json"])).out);
  expect(found).toMatchObject({
    state: "hit",
    value: Buffer.from("hello").toString("base64"),
    trust: "integrity-only",
    size: 5,
  });
});

test("get -o: the file appears with the value, and nothing appears for a miss", async () => {
  await bench().run(["set", "a"], { input: "hello" });
  expect(await bench().run(["get", "a", "-o", "out"])).toMatchObject({ code: 0, out: "" });
  expect(readFileSync(bench().path("out"), "utf8")).toBe("hello");
  expect((await bench().run(["get", "none", "-o", "other"])).code).toBe(1);
  expect(readdirSync(bench().root).sort()).toEqual(["out", "store"]);
});

test("get -o: a link, a directory or a device is never replaced", async () => {
  await bench().run(["set", "a"], { input: "hello" });
  writeFileSync(bench().path("target"), "kept");
  symlinkSync("target", bench().path("link"));
  mkdirSync(bench().path("directory"));
  for (const path of ["link", "directory", "/dev/null"])
    expect((await bench().run(["get", "a", "-o", path])).code).toBe(2);
  expect(readFileSync(bench().path("target"), "utf8")).toBe("kept");
  expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
});

test("get: a damaged entry exits with 3 and gives out none of it", async () => {
  await bench().run(["set", "a"], { input: "hello" });
  flipLastByte(storedFile(bench().dir, "entries"));
  const found = await bench().run(["get", "a", "-o", "out"]);
  expect(found).toMatchObject({ code: 3, out: "" });
  expect(found.err).toMatch(/^cache: .*\(ERR_CACHE_[A-Z]+\).*\n$/);
  expect(readdirSync(bench().root)).toEqual(["store"]);
});

test("set --ttl: an entry past its time is a miss", async () => {
  await bench().run(["set", "a", "--ttl", "1ms"], { input: "hello" });
  expect(await bench().run(["get", "a", "--json"])).toMatchObject({ code: 1, out: '{"state":"expired"}\n' });
});

test("has: the exit code tells a hit from a miss", async () => {
  await bench().run(["set", "a"], { input: "x" });
  expect(await bench().run(["has", "a"])).toMatchObject({ code: 0, out: "" });
  expect(await bench().run(["has", "b"])).toMatchObject({ code: 1, out: "" });
});

test("rm and clear: keys are gone, those of other namespaces stay", async () => {
  for (const key of ["a", "b", "c"]) await bench().run(["set", key], { input: key });
  await bench().run(["set", "a", "--namespace", "other"], { input: "kept" });
  expect((await bench().run(["rm", "a", "b", "never-there"])).code).toBe(0);
  expect((await bench().run(["ls", "--json"])).out.trim().split("\n")).toHaveLength(1);
  expect((await bench().run(["clear"])).code).toBe(0);
  expect((await bench().run(["ls"])).out).toBe("");
  expect((await bench().run(["get", "a", "--namespace", "other"])).out).toBe("kept");
});

test("ls: a key's control characters never reach the terminal, and JSON has them exactly", async () => {
  const key = "\u001b[31mred\nline\u202e";
  await bench().run(["set", key], { input: "x" });
  const people = await bench().run(["ls"]);
  expect(people.out.trim().split("\n")).toHaveLength(1);
  expect(people.out).not.toContain("\u001b");
  expect(people.out).not.toContain("\u202e");
  expect(JSON.parse((await bench().run(["ls", "--json"])).out)).toMatchObject({
    key,
    state: "ok",
    size: 1,
    namespace: "",
  });
});

test("names such as .. and __proto__ are keys like any other and reach no path", async () => {
  const keys = ["..", "../../escape", "/etc/passwd", "__proto__", "constructor", "a\\b", "-", "\u00e9", "e\u0301"];
  for (const key of keys) expect((await bench().run(["set", "--", key], { input: `<${key}>` })).code).toBe(0);
  for (const key of keys) expect((await bench().run(["get", "--", key])).out).toBe(`<${key}>`);
  expect(readdirSync(bench().root)).toEqual(["store"]);
});

test("put and cat: content of megabytes comes back by its SHA-256, once however often it is put", async () => {
  const content = Buffer.alloc(9_000_000, "abcdefg");
  const put = await bench().run(["put"], { input: content });
  const digest = put.out.trim();
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect((await bench().run(["put", "--json"], { input: content })).out).toBe(`{"digest":"${digest}"}\n`);
  storedFile(bench().dir, "blobs");
  expect(Buffer.from((await bench().run(["cat", digest])).bytes).equals(content)).toBe(true);
  expect((await bench().run(["cat", digest, "-o", "out"])).code).toBe(0);
  expect(readFileSync(bench().path("out")).equals(content)).toBe(true);
});

test("cat: damaged content exits with 3, publishes no file, and small content prints no byte", async () => {
  const digest = (await bench().run(["put"], { input: "content" })).out.trim();
  flipLastByte(storedFile(bench().dir, "blobs"));
  expect(await bench().run(["cat", digest, "-o", "out"])).toMatchObject({ code: 3, out: "" });
  expect(readdirSync(bench().root)).toEqual(["store"]);
  const again = (await bench().run(["put"], { input: "content" })).out.trim();
  flipLastByte(storedFile(bench().dir, "blobs"));
  expect(await bench().run(["cat", again])).toMatchObject({ code: 3, out: "" });
  expect((await bench().run(["cat", again])).code).toBe(1);
});

test("cat: a reader who leaves before the content was verified to its end is no success, and causes no message", async () => {
  const digest = (await bench().run(["put"], { input: Buffer.alloc(20_000_000, 1) })).out.trim();
  const script = `"$0" "$1" cat ${digest} 2>err | head -c 10 | wc -c; echo "\${PIPESTATUS[0]}"`;
  const env = { PATH: process.env.PATH, CACHE_DIR: bench().dir };
  const out = execFileSync("bash", ["--norc", "-c", script, process.execPath, BIN], {
    cwd: bench().root,
    env,
    encoding: "utf8",
  });
  expect(out.trim().split(/\s+/)).toEqual(["10", "4"]);
  expect(readFileSync(bench().path("err"), "utf8")).toBe("");
});

test("verify: a sound store exits with 0, a damaged one with 3 and says what", async () => {
  await bench().run(["set", "a"], { input: "x" });
  await bench().run(["put"], { input: "content" });
  expect(JSON.parse((await bench().run(["verify", "--json"])).out)).toMatchObject({ ok: 2, damaged: 0, problems: [] });
  flipLastByte(storedFile(bench().dir, "blobs"));
  const found = await bench().run(["verify", "--json"]);
  expect(found.code).toBe(3);
  expect(JSON.parse(found.out)).toMatchObject({
    ok: 1,
    damaged: 1,
    problems: [{ kind: "blobs", code: "ERR_CACHE_AUTH" }],
  });
  expect(JSON.parse((await bench().run(["stats", "--json"])).out).quarantined.count).toBe(1);
});

test("gc: what expired goes, a dry run removes nothing, young content stays", async () => {
  await bench().run(["set", "a", "--ttl", "1ms"], { input: "x" });
  await bench().run(["put"], { input: "content" });
  expect(JSON.parse((await bench().run(["gc", "--dry-run", "--json"])).out)).toMatchObject({
    expiredEntries: 1,
    dryRun: true,
  });
  expect(JSON.parse((await bench().run(["gc", "--json"])).out)).toMatchObject({
    expiredEntries: 1,
    unreferencedBlobs: 0,
  });
  expect(JSON.parse((await bench().run(["stats", "--json"])).out)).toMatchObject({
    entries: { count: 0 },
    blobs: { count: 1 },
  });
  expect((await bench().run(["gc", "--keep", "1s"])).code).toBe(2);
});

test("doctor: every case of the store's contract holds and nothing is left behind", async () => {
  await bench().run(["set", "a"], { input: "x" });
  const report = JSON.parse((await bench().run(["doctor", "--json"])).out);
  expect(report.failed).toBe(0);
  expect(report.cases.length).toBeGreaterThan(50);
  expect(JSON.parse((await bench().run(["stats", "--json"])).out)).toMatchObject({
    entries: { count: 1 },
    blobs: { count: 0 },
    quarantined: { count: 0 },
  });
}, 120_000);

test("CACHE_OFF: get misses, set takes its input and stores nothing, and both say so", async () => {
  await bench().run(["set", "a"], { input: "x" });
  const env = { CACHE_OFF: "1" };
  expect(await bench().run(["get", "a"], { env })).toMatchObject({
    code: 1,
    out: "",
    err: expect.stringContaining("CACHE_OFF"),
  });
  const big = Buffer.alloc(3_000_000);
  expect(await bench().run(["set", "b"], { env, input: big })).toMatchObject({
    code: 0,
    err: expect.stringContaining("CACHE_OFF"),
  });
  expect((await bench().run(["get", "b"])).code).toBe(1);
  expect((await bench().run(["get", "a"], { env: { CACHE_OFF: "0" } })).code).toBe(0);
  expect((await bench().run(["set", "b", "--ttl", "soon"], { env, input: "x" })).code).toBe(2);
  const off = await bench().run(["cat", "0".repeat(64), "--json", "-o", "f"], { env });
  expect(off).toMatchObject({ code: 1, out: '{"state":"miss"}\n' });
  expect((await bench().run(["get", "a"], { env: { CACHE_OFF: "maybe" } })).code).toBe(2);
});

test("a store directory that others can write to is refused with exit code 4", async () => {
  mkdirSync(bench().dir);
  chmodSync(bench().dir, 0o777);
  const ran = await bench().run(["get", "a"]);
  expect(ran).toMatchObject({ code: 4, out: "" });
  expect(ran.err).toContain("ERR_CACHE_UNSAFE_PATH");
});

/** Every variable that any package's sources name, but for those that say where things lie. */
function variablesOfAllPackages(): string[] {
  const packages = fileURLToPath(new URL("../../", import.meta.url));
  const sources = readdirSync(packages, { recursive: true, encoding: "utf8" }).filter((path) =>
    /^[a-z-]+\/src\/.*\.ts$/.test(path.split(sep).join("/")),
  );
  const text = sources.map((path) => readFileSync(join(packages, path), "utf8")).join("\n");
  const named = [...text.matchAll(/(?<!ERR_)\bCACHE_[A-Z_]+\b/g)].map(([name]) => name);
  return [...new Set([...named, "NODE_ENV", "CACHE_VERIFY"])].filter((name) => name !== "CACHE_DIR").sort();
}

test("M66: no variable and no value of one makes a damaged entry be believed", async () => {
  const variables = variablesOfAllPackages();
  expect(variables).toEqual(
    expect.arrayContaining(["CACHE_DEBUG", "CACHE_KEYRING", "CACHE_KEYRING_FILE", "CACHE_OFF"]),
  );
  for (const variable of variables) {
    for (const value of ["0", "none", "false", "off", "1"]) {
      await bench().run(["set", "a"], { input: "hello" });
      flipLastByte(storedFile(bench().dir, "entries"));
      const ran = await bench().run(["get", "a"], { env: { [variable]: value } });
      expect([1, 2, 3]).toContain(ran.code);
      expect(ran.out).toBe("");
    }
  }
});

test("get: a store that cannot be looked into is a failure, never a miss", async () => {
  await bench().run(["set", "a"], { input: "hello" });
  writeFileSync(join(bench().dir, "v1", "layout"), "something else");
  expect(await bench().run(["get", "a"])).toMatchObject({ code: 4, out: "" });
  expect((await bench().run(["ls"])).code).toBe(4);
});

test("-o keeps the permissions of the file it replaces, and makes a private one", async () => {
  await bench().run(["set", "a"], { input: "value" });
  const mode = (name: string) => statSync(bench().path(name)).mode & 0o777;
  writeFileSync(bench().path("tool"), "old", { mode: 0o755 });
  for (const name of ["tool", "new"]) expect((await bench().run(["get", "a", "-o", name])).code).toBe(0);
  expect([mode("tool"), mode("new")]).toEqual([0o755, 0o600]);
});

test("a command that is stopped while it writes a file leaves nothing beside it", async () => {
  const large = Buffer.alloc(200_000_000, 7);
  const digest = (await bench().run(["put"], { input: large })).out.trim();
  mkdirSync(bench().path("to"));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    const env = { PATH: process.env.PATH, HOME: bench().home, CACHE_DIR: bench().dir };
    const child = spawn(process.execPath, [BIN, "cat", digest, "-o", bench().path("to/f")], { env });
    while (readdirSync(bench().path("to")).length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    child.kill(signal);
    const [code, by] = await new Promise<unknown[]>((resolve) => child.on("close", (...how) => resolve(how)));
    // What was whole before the signal came is whole.
    if (code !== 0) expect(by).toBe(signal);
    expect(readdirSync(bench().path("to")).filter((name) => name !== "f")).toEqual([]);
    rmSync(bench().path("to/f"), { force: true });
  }
});

test("get loads no part of Node that it does not need: those for networks alone take some milliseconds", async () => {
  await bench().run(["set", "k"], { input: "value" });
  const program = `process.argv.splice(1, 0, "cache");
    process.on("exit", () => process._rawDebug(process.moduleLoadList.includes("NativeModule net")));
    require(${JSON.stringify(BIN)})`;
  const env = { PATH: process.env.PATH, CACHE_DIR: bench().dir };
  // Into files: a pipe would make Node itself load them.
  const [out, err] = [openSync(bench().path("out"), "w"), openSync(bench().path("err"), "w")];
  const { status } = spawnSync(process.execPath, ["-e", program, "get", "k"], { env, stdio: ["ignore", out, err] });
  for (const file of [out, err]) closeSync(file);
  expect([status, readFileSync(bench().path("out"), "utf8")]).toEqual([0, "value"]);
  expect(readFileSync(bench().path("err"), "utf8")).toBe("false\n");
});
