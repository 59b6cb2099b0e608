import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { useBench } from "./cli.ts";

const bench = useBench();

test.each(["ls", "verify", "stats", "gc"])("%s says that there is no cache where none is", async (command) => {
  const dir = join(bench().home, "mistyped");
  const { code, err } = await bench().run([command, "--dir", dir]);
  expect([code, err]).toEqual([0, `cache: there is no cache in ${dir}\n`]);
});

test("ls says that there are things of other keys", async () => {
  const [own, other] = ["own", "other"].map((name) => join(bench().home, name)) as [string, string];
  for (const file of [own, other]) expect((await bench().run(["keys", "new", "--keyring-file", file])).code).toBe(0);
  await bench().run(["set", "key", "--keyring-file", own], { input: Buffer.from("1") });
  expect((await bench().run(["ls", "--keyring-file", own])).err).toBe("");
  const { code, out, err } = await bench().run(["ls", "--keyring-file", other]);
  expect([code, out]).toEqual([0, ""]);
  expect(err).toMatch(/1 stored names are of other keys/);
});

test("stats counts all that is set aside, whatever it was", async () => {
  await bench().run(["set", "key"], { input: Buffer.from("1") });
  const quarantine = join(bench().dir, "v1", "quarantine");
  mkdirSync(quarantine, { recursive: true, mode: 0o700 });
  writeFileSync(join(quarantine, "evil"), "four");
  const { out } = await bench().run(["stats", "--json"]);
  expect(JSON.parse(out)).toMatchObject({ quarantined: { count: 1, bytes: 4 } });
  expect((await bench().run(["gc", "--purge-quarantine"])).out).toMatch(/removed 1 quarantined files/);
});

test("an unknown option is told by its place and not by its text", async () => {
  const { code, err } = await bench().run(["ls", "--all", "--hunter2=secret"]);
  expect(code).toBe(2);
  expect(err).toMatch(/argument 3 is an option that ls has not .*cache ls --help lists those it has/);
  expect(err).not.toMatch(/hunter2|secret/);
});

test("an audit log that is not there is a miss, unless its head is expected", async () => {
  const log = join(bench().home, "audit.jsonl");
  const { code, out, err } = await bench().run(["audit", "verify", log]);
  expect([code, out]).toEqual([1, ""]);
  expect(err).toMatch(/there is no audit log at .*audit\.jsonl: nothing was written yet, or it was removed/);
  expect((await bench().run(["audit", "verify", log, "--json"])).out).toBe('{"state":"miss"}\n');
  const head = `5-${"ab".repeat(32)}`;
  expect((await bench().run(["audit", "verify", log, "--expect-head", head])).code).not.toBeLessThan(2);
});

test("who is stuck is told the next step", async () => {
  const keys = join(bench().home, "keys");
  const missing = await bench().run(["keys", "list", "--keyring-file", keys]);
  expect(missing.err).toMatch(/ENOENT.*cache keys new makes one/);
  expect((await bench().run(["reseal"])).err).toMatch(/no master key was given.*--keyring-file/);
  expect((await bench().run(["set", "key", "--ttl", "5"], { input: Buffer.of(1) })).err).toMatch(/text with a unit/);
});

test("an empty list says that there are keys in other namespaces, to people and not to programs", async () => {
  for (const key of ["a", "b"]) await bench().run(["set", key, "--namespace", "builds"], { input: Buffer.of(1) });
  const [plain, json, all, own] = await Promise.all(
    [[], ["--json"], ["--all"], ["--namespace", "builds"]].map((more) => bench().run(["ls", ...more])),
  );
  expect(plain).toMatchObject({ code: 0, out: "", err: expect.stringContaining("and 2 in others; --all lists them") });
  expect(json).toMatchObject({ code: 0, out: "", err: "" });
  for (const each of [all, own]) expect([each?.err, each?.out.trimEnd().split("\n").length]).toEqual(["", 2]);
});

test("ls, files ls and delta ls list by name", async () => {
  const names = ["m", "a/z", "B", "é", "a", "zz", "a b", "0"];
  const sorted = [...names].sort();
  for (const name of names) {
    await bench().run(["set", name], { input: name });
    await bench().run(["delta", "put", name], { input: name });
    writeFileSync(bench().path("file"), name);
    await bench().run(["files", "put", name, "file"]);
  }
  const listed = async (...args: string[]) => {
    const { out } = await bench().run([...args, "--json"]);
    return out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  };
  expect((await listed("ls")).map(({ key }) => key)).toEqual(sorted);
  expect((await listed("files", "ls")).map(({ key }) => key)).toEqual(sorted);
  expect((await listed("delta", "ls")).map(({ name }) => name)).toEqual(sorted);
  const all = (await listed("ls", "--all")).map(({ namespace, key }) => [namespace, key]);
  expect(all.length).toBeGreaterThan(names.length);
  expect(all).toEqual([...all].sort(([a, b], [c, d]) => (a === c ? Number(b > d) - Number(b < d) : a > c ? 1 : -1)));
});
