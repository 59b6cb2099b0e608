import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { formatKey, SigningKey } from "@cache/core/keyring";
import { expect, test } from "vitest";
import { BIN, useBench } from "./cli.ts";
import { masterText, tracesOf } from "./keys.ts";

const bench = useBench();

test("with CACHE_REQUIRE an entry of nobody is not even looked at when no key was given, or its variable is misspelt", async () => {
  const key = masterText();
  await bench().run(["set", "a"], { input: "planted" });
  expect((await bench().run(["get", "a"], { env: { CACHE_KEYRNG: key } })).out).toBe("planted");
  for (const CACHE_REQUIRE of ["sign", "seal", "sign,seal"]) {
    const ran = await bench().run(["get", "a"], { env: { CACHE_KEYRNG: key, CACHE_REQUIRE } });
    expect(ran).toMatchObject({ code: 2, out: "", err: expect.stringContaining("(ERR_CACHE_CONFIG)") });
  }
  const signed = { CACHE_KEYRING: formatKey(SigningKey.generate()), CACHE_REQUIRE: "sign" };
  expect(await bench().run(["set", "b"], { env: signed, input: "mine" })).toMatchObject({ code: 0, err: "" });
  expect((await bench().run(["get", "b"], { env: signed })).out).toBe("mine");
  expect((await bench().run(["get", "b"], { env: { ...signed, CACHE_REQUIRE: "sign,seal" } })).code).toBe(2);
  for (const trace of tracesOf(key)) expect(bench().printed).not.toContain(trace);
});

test("CACHE_REQUIRE takes nothing back, is shown, and another word in it is an error", async () => {
  bench().configure({ require: ["seal"] });
  const env = { CACHE_KEYRING: formatKey(SigningKey.generate()), CACHE_REQUIRE: "sign" };
  expect(await bench().run(["get", "a"], { env })).toMatchObject({ code: 2, err: expect.stringContaining('"seal"') });
  expect(JSON.parse((await bench().run(["config", "show", "--json"], { env })).out)).toMatchObject({
    outside: { require: "CACHE_REQUIRE" },
  });
  for (const CACHE_REQUIRE of ["", "sgin", "sign;seal"])
    expect(await bench().run(["get", "a"], { env: { ...env, CACHE_REQUIRE } })).toMatchObject({
      code: 2,
      err: expect.stringContaining("CACHE_REQUIRE is sign, seal or sign,seal"),
    });
});

test("a variable that is nearly one of the command's is remarked on by its name, and others are not", async () => {
  const key = masterText();
  const near = {
    CACHE_KEYRNG: "CACHE_KEYRING",
    CACHE_KEYIRNG_FILE: "CACHE_KEYRING_FILE",
    CACHE_KEYRINGS: "CACHE_KEYRING",
    CACHE_REQIRES: "CACHE_REQUIRE",
    CACHE_OF: "CACHE_OFF",
    CACHE_keyring: "CACHE_KEYRING",
  };
  const far = {
    CACHE_URL: key,
    CACHE_ON: key,
    CACHE_DB: key,
    CACHE_HOSTS: key,
    CACHE_: key,
    [`CACHE_${"X".repeat(9999)}`]: key,
  };
  const env = { ...far, ...Object.fromEntries(Object.keys(near).map((name) => [name, key])) };
  const { code, err } = await bench().run(["get", "a"], { env });
  const remarks = Object.entries(near).map(
    ([name, meant]) => `cache: ${name} is no variable of this command; did you mean ${meant}?`,
  );
  expect([code, err.trimEnd().split("\n").sort()]).toEqual([1, remarks.sort()]);
  for (const trace of tracesOf(key)) expect(err).not.toContain(trace);
});

test("every variable that the command's page lists is known, so that none is remarked on, and its misspelling is", async () => {
  const page = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const table = page.slice(page.indexOf("\n## Environment"));
  const names = [...new Set(table.match(/(?<=`)CACHE_[A-Z_]+/g))];
  expect(names.length).toBeGreaterThan(12);
  const misspelt = Object.fromEntries(names.map((name) => [`${name}X`, ""]));
  const { err } = await bench().run(["ls"], { env: misspelt });
  for (const name of names) expect(err).toContain(`did you mean ${name}?`);
  const known = Object.fromEntries(names.map((name) => [name, ""]));
  expect((await bench().run(["ls"], { env: { ...known, CACHE_DIR: bench().dir } })).err).not.toContain("did you mean");
});

test("CACHE_KEYRING takes the text of a keyring file, its states too, and says nothing of what it cannot read", async () => {
  const file = { env: { CACHE_KEYRING_FILE: bench().path("writer.keys") } };
  await bench().run(["keys", "new"], file);
  await bench().run(["set", "a"], { ...file, input: "old" });
  const text = readFileSync(bench().path("writer.keys"), "utf8");
  const here = (CACHE_KEYRING: string, ...args: string[]) => bench().run(args, { env: { CACHE_KEYRING } });
  expect(await here(text.trimEnd(), "get", "a")).toMatchObject({ code: 0, out: "old", err: "" });
  const [{ id }] = JSON.parse((await bench().run(["keys", "list", "--json"], file)).out).keys;
  await bench().run(["keys", "add"], file);
  const { keys } = JSON.parse((await bench().run(["keys", "list", "--json"], file)).out);
  const fresh = keys.find((each: { id: string }) => each.id !== id).id;
  for (const args of [
    ["promote", fresh],
    ["revoke", id],
  ])
    await bench().run(["keys", ...args], file);
  const now = readFileSync(bench().path("writer.keys"), "utf8");
  expect(await here(now, "get", "a")).toMatchObject({ out: "" });
  const secret = JSON.parse(now).keys.find((each: { secret?: string }) => each.secret !== undefined).secret;
  for (const broken of [now.slice(0, -9), now.replace('"active"', '"actve"'), now.replace(secret, `${secret}x`)])
    expect(await here(broken, "get", "a")).toMatchObject({ code: 2, err: expect.stringContaining("CACHE_KEYRING: ") });
  for (const trace of tracesOf(secret)) expect(bench().printed).not.toContain(trace);
});

test.skipIf(process.platform === "win32")(
  "a protected file in CACHE_KEYRING is refused, with or without a passphrase",
  () => {
    const env = { PATH: process.env.PATH, HOME: bench().home, CACHE_DIR: bench().dir };
    const script = `printf 'correct horse battery staple' > phrase && chmod 600 phrase
    "$1" "$2" keys new --keyring-file keys --passphrase-file phrase > /dev/null || exit 9
    CACHE_KEYRING="$(cat keys)" "$1" "$2" get a --passphrase-file phrase || test $? = 2 || exit 9
    CACHE_KEYRING="$(cat keys)" "$1" "$2" get a`;
    const { status, stderr } = spawnSync("sh", ["-c", script, "sh", process.execPath, BIN], { cwd: bench().root, env });
    const [first, second] = String(stderr)
      .trimEnd()
      .split("\n")
      .filter((line) => line.startsWith("cache: "));
    expect([status, first]).toEqual([2, second]);
    expect(first).toMatch(/CACHE_KEYRING holds a keyring file that a passphrase protects.*ERR_CACHE_PASSPHRASE/);
  },
);

test("a directory that is an address is refused, wherever it is said, and none is made", async () => {
  const refused = { code: 2, out: "", err: expect.stringContaining("is an address") };
  expect(await bench().run(["set", "a", "--dir", "s3://bucket"], { input: "a" })).toMatchObject(refused);
  expect(await bench().run(["set", "a"], { input: "a", env: { CACHE_DIR: "redis://u:secret@host" } })).toMatchObject(
    refused,
  );
  expect(bench().printed).not.toContain("u:secret");
  expect(existsSync("s3:") || existsSync("redis:")).toBe(false);
});
