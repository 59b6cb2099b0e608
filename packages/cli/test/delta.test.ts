import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { useBench } from "./cli.ts";

const bench = useBench();

/** A file of some hundred kilobytes, of which one line is its own. */
function release(own: string): Buffer {
  const line = (i: number) => createHash("sha256").update(`${i}`).digest("hex");
  return Buffer.from(Array.from({ length: 3000 }, (_, i) => (i === 1500 ? own : line(i))).join("\n"));
}

const digestOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

test("delta: versions go in and come out, sealed, and a later one takes little room", async () => {
  const { run, path, dir } = { run: bench().run.bind(bench()), path: bench().path.bind(bench()), dir: bench().dir };
  const keys = ["--keyring-file", path("keys")];
  await run(["keys", "new", ...keys]);
  for (const own of ["first", "second"]) writeFileSync(path(own), release(own));
  expect(await run(["delta", "put", "app/1", path("first"), ...keys])).toMatchObject({ code: 0, err: "" });
  const put = await run(["delta", "put", "app/2", "--json", ...keys], { input: release("second") });
  const version = JSON.parse(put.out);
  expect(version).toMatchObject({
    name: "app/2",
    digest: digestOf(release("second")),
    delta: { engine: "copy-insert-1" },
  });

  const got = await run(["delta", "get", "app/2", "-o", path("out"), "--json", ...keys]);
  expect(JSON.parse(got.out)).toEqual({ state: "hit", ...version });
  expect(readFileSync(path("out"))).toEqual(release("second"));
  expect((await run(["delta", "get", "app/1", ...keys])).out).toBe(release("first").toString());

  const listed = (await run(["delta", "ls", "app/", "--json", ...keys])).out.trim().split("\n");
  expect(listed.map((line) => JSON.parse(line).name).sort()).toEqual(["app/1", "app/2"]);
  const stats = JSON.parse((await run(["delta", "stats", "--json", ...keys])).out);
  expect(stats).toMatchObject({ versions: 2, deltas: 1, references: 1 });
  expect(stats.ratio).toBeLessThan(0.51);
  expect((await run(["delta", "verify", ...keys])).out).toBe("2 ok, 0 lost, 0 rejected, 0 unreadable\n");
  expect((await run(["verify", ...keys])).code).toBe(0);
  expect(await run(["delta", "rm", "app/1", ...keys])).toMatchObject({ code: 0, out: "" });
  expect((await run(["delta", "get", "app/1", ...keys])).code).toBe(1);
  expect((await run(["gc", ...keys])).code).toBe(0);
  expect((await run(["delta", "verify", ...keys])).out).toContain("1 ok");
  for (const file of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (file.isFile()) expect(readFileSync(join(file.parentPath, file.name)).includes("second")).toBe(false);
  }
});

test("delta: what is altered is rejected, what is gone is a miss, and no output appears", async () => {
  const { run, path, dir } = { run: bench().run.bind(bench()), path: bench().path.bind(bench()), dir: bench().dir };
  writeFileSync(path("first"), release("first"));
  await run(["delta", "put", "app/1", path("first")]);
  await run(["delta", "put", "app/2"], { input: release("second") });
  const digest = digestOf(release("first"));
  writeFileSync(join(dir, "v1/blobs", digest.slice(0, 2), digest), "something else");
  const refused = await run(["delta", "get", "app/2", "-o", path("out")]);
  expect([refused.code, refused.err.includes("ERR_CACHE_AUTH")]).toEqual([3, true]);
  const missed = await run(["delta", "get", "app/2", "-o", path("out"), "--json"]);
  expect([missed.code, missed.out]).toEqual([1, '{"state":"miss"}\n']);
  expect(missed.err).toContain("the reference of the version is not there any more");
  expect(readdirSync(path("")).sort()).toEqual(["first", "store"]);
  expect((await run(["delta", "verify"])).code).toBe(1);
});

test("delta: wrong use is said, and exits with 2", async () => {
  const wrong = [
    ["delta", "put"],
    ["delta", "publish", "x"],
    ["delta", "put", "x", "no-such-file"],
    ["delta", "put", "x", "."],
    ["delta", "put", "x", "-", "--engine", "bsdiff"],
    ["delta", "put", "x", "-", "--max-ratio", "2"],
    ["delta", "put", "x", "-", "-o", "file"],
    ["delta", "get", "x", "--engine", "xdelta3"],
    ["delta", "get", "x", "--json"],
    ["delta", "get", ""],
    ["delta", "ls", "a", "b"],
    ["delta", "stats", "a"],
  ];
  for (const args of wrong) {
    const { code, out, err } = await bench().run(args);
    expect([args, code, out]).toEqual([args, 2, ""]);
    expect(err).toContain("ERR_CACHE_USAGE");
  }
});

test("delta: a cache that is off misses and stores nothing", async () => {
  const env = { CACHE_OFF: "1" };
  expect((await bench().run(["delta", "put", "x"], { env, input: "value" })).code).toBe(0);
  expect((await bench().run(["delta", "get", "x"], { env })).code).toBe(1);
  expect(readdirSync(bench().path(""))).toEqual([]);
});
