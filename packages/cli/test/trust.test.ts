import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toHex } from "@cache/core/bytes";
import { VerifyingKey } from "@cache/core/keyring";
import { expect, test } from "vitest";
import { useBench } from "./cli.ts";
import { masterText, pairText, tracesOf } from "./keys.ts";

const bench = useBench();

/** Every stored byte, as text that can be searched. */
function stored(dir: string): string {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => name + readFileSync(join(parentPath, name), "latin1")).join("\n");
}

const withKey = (key: string) => ({ CACHE_KEYRING: key });

test("with a master key, what one process wrote another reads with only the key, and the store shows nothing of it", async () => {
  const env = withKey(masterText());
  await bench().run(["set", "my-secret-name"], { env, input: "my-secret-value" });
  const digest = (await bench().run(["put"], { env, input: "my-secret-content" })).out.trim();
  expect((await bench().run(["get", "my-secret-name"], { env })).out).toBe("my-secret-value");
  expect((await bench().run(["cat", digest], { env })).out).toBe("my-secret-content");
  expect((await bench().run(["ls"], { env })).out).toContain("my-secret-name");
  const everything = stored(bench().dir);
  for (const secret of ["my-secret", digest]) expect(everything).not.toContain(secret);
  expect(JSON.parse((await bench().run(["get", "my-secret-name", "--json"], { env })).out).trust).toBe("signed");
});

test("a wrong key, or none, reads nothing and destroys nothing", async () => {
  const env = withKey(masterText());
  await bench().run(["set", "a"], { env, input: "value" });
  const digest = (await bench().run(["put"], { env, input: "content" })).out.trim();
  for (const other of [{ env: withKey(masterText()) }, {}]) {
    expect(await bench().run(["get", "a"], other)).toMatchObject({ code: 1, out: "" });
    expect(await bench().run(["cat", digest], other)).toMatchObject({ code: 1, out: "" });
    expect((await bench().run(["ls", "--all"], other)).out).toBe("");
    for (const args of [["verify"], ["gc", "--keep", "30m"], ["rm", "a"], ["clear"]]) {
      expect((await bench().run(args, other)).code).toBe(0);
    }
  }
  expect((await bench().run(["get", "a"], { env })).out).toBe("value");
  expect((await bench().run(["cat", digest], { env })).out).toBe("content");
});

test("ls and verify without a key say that sealed entries are there", async () => {
  await bench().run(["set", "a"], { env: withKey(masterText()), input: "value" });
  expect((await bench().run(["ls"])).err).toContain("sealed");
  expect(await bench().run(["verify"])).toMatchObject({ code: 0, out: expect.stringContaining("1 of other keys") });
});

test("an unsealed entry that somebody planted is never read with a key", async () => {
  await bench().run(["set", "a"], { input: "planted" });
  expect(await bench().run(["get", "a"], { env: withKey(masterText()) })).toMatchObject({ code: 1, out: "" });
});

test("the first Ed25519 key beside a master key changes who is believed, and that is said", async () => {
  const file = ["--keyring-file", bench().path("keys")];
  await bench().run(["keys", "new", ...file]);
  const first = await bench().run(["keys", "add", "--type", "ed25519", ...file]);
  expect(first.err).toContain("what the master key signed is no longer believed");
  expect((await bench().run(["keys", "add", "--type", "ed25519", ...file])).err).toBe("");
});

test("a holder of the public key reads what was signed and cannot write", async () => {
  const pair = pairText();
  await bench().run(["set", "a"], { env: withKey(pair.secret), input: "value" });
  const reader = withKey(pair.public);
  expect((await bench().run(["get", "a"], { env: reader })).out).toBe("value");
  const write = await bench().run(["set", "a"], { env: reader, input: "other" });
  expect(write).toMatchObject({ code: 4, err: expect.stringContaining("ERR_CACHE_READ_ONLY") });
  for (const args of [["rm", "a"], ["clear"]]) expect((await bench().run(args, { env: reader })).code).toBe(4);
  expect((await bench().run(["get", "a"], { env: reader })).out).toBe("value");
});

test("revoking the last public key makes nobody believed, and never the holders of the master key instead", async () => {
  const [master, pair] = [masterText(), pairText()];
  const [path, forger] = [bench().path("reader"), withKey(master)];
  writeFileSync(path, `${master}\n${pair.public}\n`, { mode: 0o600 });
  const reader = ["--keyring-file", path];
  await bench().run(["set", "a"], { env: forger, input: "forged" });
  expect(await bench().run(["get", "a", ...reader])).toMatchObject({ code: 3, out: "" });
  const [, , encoded = ""] = pair.public.split(".");
  const bytes = Buffer.from(encoded, "base64url").subarray(0, 32);
  const { id } = VerifyingKey.import(new Uint8Array(bytes));
  expect(await bench().run(["keys", "revoke", toHex(id), ...reader])).toMatchObject({ code: 0 });
  expect(await bench().run(["get", "a", ...reader])).toMatchObject({ code: 3, out: "" });
  const write = await bench().run(["set", "b", ...reader], { input: "value" });
  expect(write).toMatchObject({ code: 4, err: expect.stringContaining("ERR_CACHE_READ_ONLY") });
});

test("an entry that nobody signed, or a stranger signed, is rejected with exit code 3", async () => {
  const pair = pairText();
  for (const env of [{}, withKey(pairText().secret)]) {
    await bench().run(["set", "a"], { env, input: "forged" });
    for (const args of [
      ["get", "a"],
      ["has", "a"],
    ]) {
      expect(await bench().run(args, { env: withKey(pair.public) })).toMatchObject({ code: 3, out: "" });
    }
  }
});

const BAD_KEYS: readonly (readonly [string, string])[] = [
  ["nothing", ""],
  ["odd hexadecimal", "abc"],
  ["a short key", "ab".repeat(31)],
  ["a key of one byte over and over", "ab".repeat(32)],
  ["a phrase", "correct horse battery staple"],
  ["an empty item", `${masterText()},,${masterText()}`],
  ["a mistyped key", masterText().replace(/.$/, (last) => (last === "A" ? "B" : "A"))],
];

test.each(BAD_KEYS)(
  "a malformed key is refused with exit code 2 and nothing is stored in the clear: %s",
  async (_, text) => {
    const ran = await bench().run(["set", "a"], { env: withKey(text), input: "value" });
    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(ran.err).toMatch(/^cache: [^\n]+ \(ERR_CACHE_[A-Z_]+\)[^\n]*\n$/);
    if (text !== "") expect(ran.err).not.toContain(text);
    expect(readdirSync(bench().root)).toEqual([]);
  },
);

test("keys from two sources at once are refused", async () => {
  writeFileSync(bench().path("keys"), masterText(), { mode: 0o600 });
  const ran = await bench().run(["get", "a", "--keyring-file", "keys"], { env: withKey(masterText()) });
  expect(ran).toMatchObject({ code: 2, err: expect.stringContaining("ERR_CACHE_CONFIG") });
});

test("a configuration that is code never sees the keys of the environment", async () => {
  const env = withKey(masterText());
  const code = "process.stdout.write(String(process.env.CACHE_KEYRING)); export default { namespace: 'n' };";
  writeFileSync(bench().path("cache.config.mjs"), code);
  const named = ["--config", "cache.config.mjs"];
  expect((await bench().run(["set", "a", ...named], { env, input: "x" })).out).toBe("undefined");
  expect(
    JSON.parse((await bench().run(["ls", "--json", ...named], { env })).out.replace("undefined", "")),
  ).toMatchObject({
    namespace: "n",
  });
});

test("a configuration is found upwards, its paths are relative to it, and flags and environment come first", async () => {
  writeFileSync(bench().path("cache.config.json"), JSON.stringify({ dir: "configured", namespace: "n", ttl: "7d" }));
  await bench().run(["config", "trust"]);
  mkdirSync(bench().path("deep/er"), { recursive: true });
  const cwd = bench().path("deep/er");
  await bench().run(["set", "a"], { cwd, env: { CACHE_DIR: undefined }, input: "x" });
  const configured = ["--dir", bench().path("configured")];
  const entry = JSON.parse((await bench().run(["ls", "--json", ...configured], { cwd })).out);
  expect(entry).toMatchObject({ namespace: "n", key: "a" });
  expect(entry.expires - entry.created).toBe(7 * 86_400_000);
  expect((await bench().run(["get", "a"], { cwd })).code).toBe(1);
  expect((await bench().run(["get", "a", ...configured, "--namespace", ""], { cwd })).code).toBe(1);
  expect((await bench().run(["get", "a", ...configured], { cwd })).code).toBe(0);
});

const BAD_CONFIGS: readonly (readonly [string, string])[] = [
  ["no JSON", "{"],
  ["a list", "[]"],
  ["null", "null"],
  ["an unknown field", '{"verify": false}'],
  ["__proto__", '{"__proto__": {"dir": "x"}}'],
  ["a number as directory", '{"dir": 1}'],
  ["an empty keyring file", '{"keyringFile": ""}'],
  ["nobody to trust", '{"sign": {"trusted": []}}'],
  ["an unknown field of sign", '{"sign": {"trusted": ["x"], "optional": true}}'],
  ["a key that is none", '{"sign": {"trusted": ["x"]}}'],
  ["a secret key to trust", JSON.stringify({ sign: { trusted: [pairText().secret] } })],
  ["a time that is none", '{"ttl": "soon"}'],
];

test.each(BAD_CONFIGS)("a configuration that cannot be used is refused with exit code 2: %s", async (_, text) => {
  writeFileSync(bench().path("cache.config.json"), text);
  const ran = await bench().run(["set", "a", "--config", "cache.config.json"], { input: "x" });
  expect(ran).toMatchObject({ code: 2, out: "" });
  expect(ran.err).toMatch(/^cache: [^\n]+ \(ERR_CACHE_[A-Z_]+\)[^\n]*\n$/);
  expect(readdirSync(bench().root)).toEqual(["cache.config.json"]);
});

test("a configuration can name whom to trust, and such a cache only reads", async () => {
  const pair = pairText();
  await bench().run(["set", "a"], { env: withKey(pair.secret), input: "value" });
  writeFileSync(bench().path("cache.config.json"), JSON.stringify({ sign: { trusted: [pair.public] } }));
  await bench().run(["config", "trust"]);
  expect((await bench().run(["get", "a"])).out).toBe("value");
  expect((await bench().run(["set", "a"], { input: "other" })).code).toBe(4);
});

test("a found configuration never chooses another trust than the keys given outside it", async () => {
  const mine = pairText();
  const attacker = pairText();
  await bench().run(["set", "a"], { env: withKey(attacker.secret), input: "forged" });
  writeFileSync(bench().path("cache.config.json"), JSON.stringify({ sign: { trusted: [attacker.public] } }));
  await bench().run(["config", "trust"]);
  const ran = await bench().run(["get", "a"], { env: withKey(mine.public) });
  expect(ran).toMatchObject({ code: 2, out: "", err: expect.stringContaining("ERR_CACHE_CONFIG") });
  expect((await bench().run(["get", "a", "--no-config"], { env: withKey(mine.public) })).code).toBe(3);
});

test("secrets never stand in any output, whatever the command and whatever fails", async () => {
  const keys = [masterText(), pairText().secret];
  const env = withKey(keys.join(","));
  const commands = [
    ["set", "a"],
    ["get", "a", "--json"],
    ["ls", "--json"],
    ["stats", "--json"],
    ["verify", "--json"],
    ["frob"],
    ["get"],
  ];
  for (const args of commands) await bench().run(args, { env: { ...env, CACHE_DEBUG: "1" }, input: "x" });
  for (const key of keys) {
    await bench().run(["get", key], { env });
    await bench().run([key], { env });
    await bench().run([`--${key}`], { env });
    await bench().run(["keys", "add", key, "--keyring-file", "k"]);
    await bench().run(["set", "a"], { env: { ...withKey(`${key}x`), CACHE_DEBUG: "1" } });
    writeFileSync(bench().path("bad.json"), `{"format": "${key}", `, { mode: 0o600 });
    await bench().run(["get", "a", "--keyring-file", "bad.json"], { env: { CACHE_DEBUG: "1" } });
    await bench().run(["get", "a", "--config", "bad.json"], { env: { CACHE_DEBUG: "1" } });
  }
  for (const trace of keys.flatMap(tracesOf)) expect(bench().printed).not.toContain(trace);
});

test("keys: a new file is private, and what was written under an old key is read after a rotation", async () => {
  const file = ["--keyring-file", "sub/keys"];
  const first = JSON.parse((await bench().run(["keys", "new", "--json", ...file])).out).added[0] as string;
  expect(statSync(bench().path("sub/keys")).mode & 0o777).toBe(0o600);
  expect(statSync(bench().path("sub")).mode & 0o777).toBe(0o700);
  expect((await bench().run(["keys", "new", ...file])).code).toBe(2);
  await bench().run(["set", "a", ...file], { input: "old" });
  const second = JSON.parse((await bench().run(["keys", "add", "--json", ...file])).out).added[0] as string;
  expect((await bench().run(["keys", "retire", first, ...file])).code).toBe(2);
  expect((await bench().run(["keys", "promote", second.slice(0, 8), ...file])).code).toBe(0);
  expect((await bench().run(["keys", "retire", first.slice(0, 8), ...file])).code).toBe(0);
  expect((await bench().run(["get", "a", ...file])).out).toBe("old");
  const { keys } = JSON.parse((await bench().run(["keys", "list", "--json", ...file])).out);
  for (const { created } of keys) expect(created).toBeGreaterThan(1_700_000_000_000);
  expect(keys).toMatchObject([
    { id: first, status: "retired", primary: false },
    { id: second, status: "active", primary: true },
  ]);
  expect((await bench().run(["keys", "revoke", first, ...file])).code).toBe(0);
  expect((await bench().run(["get", "a", ...file])).code).toBe(1);
  expect((await bench().run(["keys", "remove", first, ...file])).code).toBe(0);
  expect((await bench().run(["keys", "remove", first, ...file])).code).toBe(2);
});

test("keys: a key is taken from standard input and from a file, never from the command line", async () => {
  const file = ["--keyring-file", "keys"];
  await bench().run(["keys", "new", "--type", "ed25519", ...file]);
  const [a, b] = [masterText(), masterText()];
  expect((await bench().run(["keys", "add", "-", ...file], { input: `${a}\n` })).code).toBe(0);
  writeFileSync(bench().path("b"), `# a comment\n${b}\n`);
  expect((await bench().run(["keys", "add", "b", ...file])).code).toBe(0);
  expect(await bench().run(["keys", "add", masterText(), ...file])).toMatchObject({ code: 2 });
  await bench().run(["set", "x", ...file], { input: "value" });
  expect((await bench().run(["get", "x", ...file])).out).toBe("value");
  const people = (await bench().run(["keys", "list", ...file])).out;
  expect(people.trim().split("\n")).toHaveLength(3);
  expect(people).toContain("cachek1.ed25519-public.");
  for (const trace of [a, b].flatMap(tracesOf)) expect(bench().printed).not.toContain(trace);
});

test("keys: an id that is too short, unknown or no id is refused", async () => {
  const file = ["--keyring-file", "keys"];
  const id = JSON.parse((await bench().run(["keys", "new", "--json", ...file])).out).added[0] as string;
  const other = id.startsWith("0000") ? "1111" : "0000";
  for (const bad of [id.slice(0, 3), other, "zzzz", ""]) {
    expect((await bench().run(["keys", "promote", bad, ...file])).code).toBe(2);
  }
});

test("a keyring file that others can read is refused with exit code 2, unless that is asked for", async () => {
  const file = ["--keyring-file", "keys"];
  await bench().run(["keys", "new", ...file]);
  await bench().run(["set", "a", ...file], { input: "value" });
  chmodSync(bench().path("keys"), 0o640);
  const ran = await bench().run(["get", "a", ...file]);
  expect(ran).toMatchObject({ code: 2, out: "", err: expect.stringContaining("ERR_CACHE_KEY_PERMISSIONS") });
  expect((await bench().run(["get", "a", ...file, "--keyring-relaxed-permissions"])).out).toBe("value");
});

test("the identity of a configuration signs, and readers who trust its public key believe it", async () => {
  const pair = pairText();
  writeFileSync(bench().path("identity"), pair.secret, { mode: 0o600 });
  const sign = { trusted: [pair.public], identityFile: "identity" };
  writeFileSync(bench().path("cache.config.json"), JSON.stringify({ sign }));
  const named = ["--config", "cache.config.json"];
  expect((await bench().run(["set", "a", ...named], { input: "value" })).code).toBe(0);
  const reader = { env: withKey(pair.public) };
  expect((await bench().run(["get", "a", "--no-config"], reader)).out).toBe("value");
});

test("keys to add that are no text are refused as such", async () => {
  await bench().run(["keys", "new", "--keyring-file", "k"]);
  const added = await bench().run(["keys", "add", "-", "--keyring-file", "k"], { input: Uint8Array.of(0xff, 0xfe) });
  expect(added).toMatchObject({ code: 2, err: expect.stringContaining("ERR_CACHE_KEY_FORMAT") });
});

test("keys: --ed25519 is short for the type, and contradicts another", async () => {
  const file = ["--keyring-file", "keys"];
  expect((await bench().run(["keys", "new", "--ed25519", "--type", "master", ...file])).code).toBe(2);
  expect((await bench().run(["keys", "new", "--ed25519", ...file])).code).toBe(0);
  const { keys } = JSON.parse((await bench().run(["keys", "list", "--json", ...file])).out);
  expect(keys).toMatchObject([{ type: "ed25519-secret" }]);
});

test("what a revoked Ed25519 key signed is known for that", async () => {
  const file = ["--keyring-file", "keys"];
  const add = async (action: string) =>
    JSON.parse((await bench().run(["keys", action, "--ed25519", "--json", ...file])).out).added[0] as string;
  const first = await add("new");
  await bench().run(["set", "a", ...file], { input: "value" });
  const second = await add("add");
  expect((await bench().run(["keys", "promote", second, ...file])).code).toBe(0);
  expect((await bench().run(["keys", "revoke", first, ...file])).code).toBe(0);
  const refused = await bench().run(["get", "a", ...file]);
  expect([refused.code, refused.err.includes("ERR_CACHE_REVOKED_KEY")]).toEqual([3, true]);
});
