import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { useBench } from "./cli.ts";
import { FLECHE_KEYS, flecheStore, TEXT_KEY } from "./fleche-store.ts";
import { masterText, pairText } from "./keys.ts";

const bench = useBench();
const dir = () => bench().path("fleche");
const env = { FLECHE_SECRET_KEY: FLECHE_KEYS };
const verify = (...args: readonly string[]) =>
  bench().run(["fleche", "verify", dir(), "--secret-key-env", ...args], { env });

/** A cache with a key of its own. */
const own = { ...env, CACHE_KEYRING: masterText() };
const importing = (args: readonly string[] = [], how: Record<string, string> = own) =>
  bench().run(["fleche", "import", dir(), "--secret-key-env", ...args], { env: how });

interface Named {
  readonly name: string;
}

/** Every name in a folder, with what a write would change. */
const looks = (folder: string) =>
  readdirSync(folder).map((name) => {
    const { mtimeMs, ctimeMs, size, mode } = statSync(join(folder, name), { bigint: false });
    return [name, mtimeMs, ctimeMs, size, mode];
  });

test("fleche verify: everything that Python signed with either key, compressed or not, and nothing is written", async () => {
  const rows = flecheStore(dir(), "good");
  const before = looks(dir());
  const ran = await verify("--json");
  expect(ran).toMatchObject({ code: 0, err: "" });
  const { files, counts } = JSON.parse(ran.out);
  expect(counts).toEqual({ signed: rows.length });
  const told = new Map(files.map((file: { name: string; key: number }) => [file.name, file.key]));
  expect(told).toEqual(new Map(rows.map(({ name, key }) => [name, key])));
  expect(looks(dir())).toEqual(before);
});

test("M62: fleche verify: each file that is unsigned, changed, damaged or a bomb has its verdict, and the exit code is 3", async () => {
  const rows = flecheStore(dir(), "bad", "bombs");
  const ran = await verify("--json");
  expect(ran.code).toBe(3);
  const told = new Map(JSON.parse(ran.out).files.map((file: { name: string; code: string }) => [file.name, file.code]));
  expect(told).toEqual(new Map(rows.map(({ name, verdict }) => [name, verdict])));
});

test.skipIf(process.platform === "win32")(
  "fleche verify: follows no link, waits for no FIFO, and looks at no other names",
  async () => {
    flecheStore(bench().path("elsewhere"), "old");
    const [linked] = flecheStore(bench().path("elsewhere"), "good");
    mkdirSync(dir());
    symlinkSync(bench().path(`elsewhere/${linked?.name}`), join(dir(), "a".repeat(64)));
    mkdirSync(join(dir(), "b".repeat(64)));
    execFileSync("mkfifo", [join(dir(), "c".repeat(64))]);
    for (const name of [`${"d".repeat(64)}.lock`, ".tmp", "A".repeat(64), "readme\n"])
      writeFileSync(join(dir(), name), "");
    const ran = await verify();
    expect(ran).toMatchObject({ code: 3, err: "" });
    expect(ran.out.match(/^not-a-file +[abc]{64} \(ERR_CACHE_UNSAFE_PATH\)$/gm)).toHaveLength(3);
    expect(ran.out).toContain("4 other, 3 not-a-file");
    expect(ran.out).toContain("readme\\u{a}");
  },
);

test("fleche: without keys it refuses to run, and so it does with keys that cannot be used or come from two places", async () => {
  flecheStore(dir(), "good");
  const args = ["fleche", "verify", dir()];
  const [first = ""] = FLECHE_KEYS.split(":");
  writeFileSync(bench().path("keys"), FLECHE_KEYS, { mode: 0o600 });
  const refused: readonly (readonly [readonly string[], Record<string, string>, string])[] = [
    [args, env, "ERR_CACHE_USAGE"],
    [[...args, "--secret-key-env"], {}, "ERR_CACHE_CONFIG"],
    [[...args, "--secret-key-env"], { FLECHE_SECRET_KEY: "" }, "ERR_CACHE_KEY_FORMAT"],
    [[...args, "--secret-key-env"], { FLECHE_SECRET_KEY: `${first}:` }, "ERR_CACHE_KEY_FORMAT"],
    [[...args, "--secret-key-env"], { FLECHE_SECRET_KEY: "0011223344" }, "ERR_CACHE_WEAK_KEY"],
    [[...args, "--secret-key-env", "--secret-key-file", "keys"], env, "ERR_CACHE_CONFIG"],
    [[...args, "--secret-key-env", "--fleche-key-encoding", "latin1"], env, "ERR_CACHE_USAGE"],
    [[...args, "--secret-key-env", "--dry-run"], env, "ERR_CACHE_USAGE"],
    [["fleche", "verify", "nowhere", "--secret-key-env"], env, "ERR_CACHE_USAGE"],
    [["fleche", "frob", dir(), "--secret-key-env"], env, "ERR_CACHE_USAGE"],
  ];
  for (const [given, variables, code] of refused) {
    const ran = await bench().run(given, { env: variables });
    expect(ran).toMatchObject({ code: 2, out: "", err: expect.stringContaining(code) });
  }
  expect(bench().printed).not.toContain(first.slice(0, 12));
});

test("fleche: keys come from a private file, and from secret_key in a fleche.toml, when these are named", async () => {
  flecheStore(dir(), "good");
  const [first, second] = FLECHE_KEYS.split(":");
  writeFileSync(bench().path("keys"), `${FLECHE_KEYS}\n`, { mode: 0o600 });
  const toml = `[default]\ncache = "disk"\n[disk]\nvalues.type = "pickle"\nvalues.secret_key = ["${first}", "${second}"]\n[disk.calls]\nsecret_key = ["${first}"]\n`;
  writeFileSync(bench().path("fleche.toml"), toml, { mode: 0o600 });
  for (const named of [
    ["--secret-key-file", "keys"],
    ["--fleche-config", "fleche.toml"],
  ])
    expect(await bench().run(["fleche", "verify", dir(), ...named])).toMatchObject({ code: 0, err: "" });
  writeFileSync(bench().path("fleche.toml"), `secret_key = ["${first}" "${second}"]`);
  const broken = await bench().run(["fleche", "verify", dir(), "--fleche-config", "fleche.toml"]);
  expect(broken).toMatchObject({ code: 2, err: expect.stringContaining("is not TOML (ERR_CACHE_CONFIG)") });
  expect(bench().printed).not.toContain(first?.slice(0, 12));
});

test("fleche verify: keys that were text, and keys that are short, with a remark", async () => {
  flecheStore(dir(), "old");
  const args = ["fleche", "verify", dir(), "--secret-key-env", "--fleche-key-encoding", "utf8"];
  const ran = await bench().run(args, { env: { FLECHE_SECRET_KEY: TEXT_KEY } });
  expect(ran).toMatchObject({
    code: 0,
    err: "cache: key 0 of fleche is short: fewer than 32 bytes, so others may guess it\n",
  });
});

test("M64: fleche import: what verifies is sealed and signed under its name, the rest is refused, and nothing is unpickled", async () => {
  const rows = [...flecheStore(dir(), "good", "bad")];
  const dry = await importing(["--dry-run", "--prefix", "old/", "--json"]);
  expect(dry.code).toBe(3);
  expect(() => statSync(bench().dir)).toThrow();
  const ran = await importing(["--prefix", "old/", "--namespace", "py", "--json"]);
  const told = JSON.parse(ran.out);
  expect(told.counts).toEqual({ ...JSON.parse(dry.out).counts });
  const good = rows.filter(({ verdict }) => verdict === "ok");
  expect([ran.code, told.counts.imported, told.namespace, told.dryRun]).toEqual([3, good.length, "py", false]);
  const [one] = good;
  const found = await bench().run(["get", `old/${one?.name}`, "--namespace", "py", "--json"], { env: own });
  expect(JSON.parse(found.out)).toMatchObject({ state: "hit", trust: "signed" });
  const payload = readFileSync(join(dir(), one?.name as string)).subarray(0, -64);
  expect(Buffer.from(JSON.parse(found.out).value, "base64").equals(payload)).toBe(true);
  const listed = await bench().run(["ls", "--namespace", "py"], { env: own });
  expect(listed.out.trim().split("\n")).toHaveLength(good.length);
});

test("fleche import: a second run changes nothing, a key that holds something else is left, a tampered file never replaces", async () => {
  const rows = flecheStore(dir(), "good");
  const [kept, tampered] = rows.map(({ name }) => ({ name })) as [Named, Named];
  await bench().run(["set", kept.name], { env: own, input: "something newer" });
  const first = await importing(["--json"]);
  expect(first.code).toBe(3);
  expect(JSON.parse(first.out).counts).toEqual({ imported: rows.length - 1, occupied: 1 });
  const bytes = readFileSync(join(dir(), tampered.name));
  bytes[3] = (bytes[3] as number) ^ 1;
  writeFileSync(join(dir(), tampered.name), bytes);
  const before = looks(join(bench().dir, "v1"));
  const second = await importing(["--json"]);
  expect(second.code).toBe(3);
  expect(JSON.parse(second.out).counts).toMatchObject({ present: rows.length - 2, occupied: 1 });
  expect(JSON.parse(second.out).counts.imported).toBeUndefined();
  expect(looks(join(bench().dir, "v1"))).toEqual(before);
  expect((await bench().run(["get", kept.name], { env: own })).out).toBe("something newer");
  const still = await bench().run(["get", tampered.name], { env: own });
  expect(createHash("sha256").update(still.bytes).digest("hex")).not.toBe(
    createHash("sha256").update(bytes).digest("hex"),
  );
  expect(still.code).toBe(0);
});

test("fleche import: a cache without keys, one that only reads, and one that is off take nothing", async () => {
  flecheStore(dir(), "good");
  const plain = await importing([], env);
  expect(plain).toMatchObject({ code: 2, out: "", err: expect.stringContaining("has no keys") });
  const reader = await importing([], { ...env, CACHE_KEYRING: pairText().public });
  expect(reader).toMatchObject({ code: 4, out: "", err: expect.stringContaining("ERR_CACHE_READ_ONLY") });
  expect(await importing([], { ...own, CACHE_OFF: "1" })).toMatchObject({ code: 2, out: "" });
  rmSync(dir(), { recursive: true });
  expect(await importing()).toMatchObject({ code: 2, out: "" });
  expect(() => statSync(bench().dir)).toThrow();
});
