import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { formatKey, Keyring, MasterKey, revokeKey, SigningKey } from "@cache/core/keyring";
import { createKeyringFile, updateKeyringFile } from "@cache/core/keyring-file";
import { expect, onTestFinished, test, vi } from "vitest";
import { loadConfig, openCache } from "../src/index.ts";
import { configuredProtection } from "../src/keys/index.ts";
import { trustConfig } from "../src/trust/index.ts";
import { useDesk } from "./desk.ts";

const desk = useDesk();
const FILE = "src/project/cache.config.json";
const load = (file?: string) => loadConfig({ ...desk().here, file });
const refusal = (message: string, code = "ERR_CACHE_CONFIG") => ({ code, message: expect.stringContaining(message) });

test.each([
  ["no JSON", "{", "it is not JSON"],
  ["null", "null", "it is not an object"],
  ["text", '"dir"', "it is not an object"],
  ["an unknown field", '{"verify":false}', "a field that is not one of"],
  ["root in the user's own file", '{"root":true}', '"root" belongs in files that are found'],
  ["a place in two ways", '{"dir":"x","ephemeral":true}', "contradict each other"],
  ["a directory that is a number", '{"dir":1}', '"dir" is not text'],
  ["a directory of no name", '{"dir":""}', '"dir" is not text'],
  ["a directory with a NUL", '{"dir":"a\\u0000b"}', '"dir" is not text'],
  ["a key as the name of a key file", `{"keyringFile":"${formatKey(MasterKey.generate())}"}`, "a path is a key"],
  ["a key as a directory", `{"caches":{"a":{"dir":"${"3e".repeat(32)}"}}}`, "a path is a key"],
  ["keys to trust that are no list", '{"sign":{"trusted":{"length":1}}}', '"sign" needs "trusted"'],
  ["nobody to trust", '{"sign":{"trusted":[]}}', '"sign" needs "trusted"'],
  ["a key to trust that is a number", '{"sign":{"trusted":[1]}}', '"sign" needs "trusted"'],
  ["a cache called memory", '{"caches":{"memory":{}}}', "no cache is called memory"],
  ["a cache called void", '{"caches":{"void":{}}}', "no cache is called memory"],
  ["a cache called default", '{"caches":{"default":{}}}', "no cache is called memory"],
  ["a cache whose name is a path", '{"caches":{"../x":{}}}', "the name of a cache is"],
  ["a cache called __proto__", '{"caches":{"__proto__":{}}}', "the name of a cache is"],
  ["caches in a list", '{"caches":[]}', '"caches" is not an object'],
  ["caches that are null", '{"caches":null}', '"caches" is not an object'],
  ["caches that are text", '{"caches":"a"}', '"caches" is not an object'],
  ["a cache that is null", '{"caches":{"a":null}}', '"caches.a" is not an object'],
  ["a cache within a cache", '{"caches":{"a":{"caches":{}}}}', "a field that is not one of"],
  ["a demand of one cache", '{"caches":{"a":{"require":[]}}}', "a field that is not one of"],
  ["an unknown demand", '{"require":["encrypt"]}', '"require" is a list'],
  ["a demand that is no list", '{"require":"sign"}', '"require" is a list'],
  ["off as text", '{"off":"true"}', "neither true nor false"],
  ["a size that is none", '{"caches":{"a":{"maxBytes":"much"}}}', '"caches.a.maxBytes" is none'],
])(
  "a file that cannot be used is refused, and the message names the file and what is wrong: %s",
  async (_, text, why) => {
    const path = desk().own({});
    writeFileSync(path, text);
    await expect(load()).rejects.toMatchObject(refusal(why));
    await expect(load()).rejects.toMatchObject(refusal(path));
  },
);

test("a file has at most 256 caches and 64 KiB", async () => {
  const caches = Object.fromEntries(Array.from({ length: 257 }, (_, index) => [`c${index}`, {}]));
  desk().own({ caches });
  await expect(load()).rejects.toMatchObject(refusal("more than 256"));
  desk().write(".config/cache/config.json", `{${" ".repeat(65_535)}}`);
  await expect(load()).rejects.toMatchObject(refusal("more than 64 KiB"));
  desk().write(".config/cache/config.json", `{${" ".repeat(65_534)}}`);
  expect((await load()).files).toHaveLength(1);
});

test.skipIf(process.platform === "win32")("a directory or a FIFO in place of a file is refused at once", async () => {
  for (const name of ["a.json", "a.mjs", FILE]) mkdirSync(desk().path(name));
  for (const name of ["b.json", "b.mjs"]) execFileSync("mkfifo", [desk().path(name)]);
  for (const name of ["a.json", "a.mjs", "b.json", "b.mjs"])
    await expect(load(desk().path(name))).rejects.toMatchObject(refusal("it is not a file"));
  await expect(load()).rejects.toMatchObject(refusal("it is not a file"));
});

test("a home that is a file holds no file of the user's", async () => {
  for (const environment of [{ HOME: "/dev/null" }, { HOME: desk().home, XDG_CONFIG_HOME: "/dev/null" }])
    expect((await loadConfig({ cwd: desk().project, environment })).files).toEqual([]);
});

test("a file that is named is there, and of a known kind", async () => {
  desk().write("file", "");
  for (const name of ["nowhere.json", "nowhere.mjs", "file/x.json", "file/x.mjs"])
    await expect(load(desk().path(name))).rejects.toMatchObject(refusal("it is not there"));
  await expect(load(desk().write("config.yaml", ""))).rejects.toMatchObject(
    refusal("none of .json, .mjs, .js and .ts"),
  );
  await expect(load("")).rejects.toMatchObject(refusal("set to nothing"));
});

test("code that fails, or whose fields do, is named with its cause", async () => {
  const failing = desk().write("fails.mjs", "throw new Error('mine');");
  await expect(load(failing)).rejects.toMatchObject({ ...refusal(failing), cause: { message: "mine" } });
  const fields = desk().write("fields.mjs", "export default { get dir() { throw new Error('mine'); } };");
  await expect(load(fields)).rejects.toMatchObject({ ...refusal(fields), cause: { message: "mine" } });
});

test.skipIf(process.platform === "win32")(
  "a trusted file that others can write to, or exchange, is refused",
  async () => {
    const path = desk().write(FILE, {});
    await trustConfig(path, desk().environment);
    for (const [where, mode] of [
      [path, 0o600],
      [desk().project, 0o755],
    ] as const) {
      chmodSync(where, mode | 0o020);
      await expect(load()).rejects.toMatchObject(refusal(path, "ERR_CACHE_UNSAFE_PATH"));
      // Nobody is told that it is trusted when no command would use it.
      const trusted = trustConfig(path, desk().environment);
      await expect(trusted).rejects.toMatchObject(refusal(path, "ERR_CACHE_UNSAFE_PATH"));
      chmodSync(where, mode);
    }
    expect((await load()).files).toEqual([path]);
  },
);

test.runIf(process.geteuid?.() === 0)("a file of another user's in a directory of one's own is refused", async () => {
  const [path, own] = [desk().write(FILE, {}), desk().own({})];
  await trustConfig(path, desk().environment);
  for (const each of [path, own]) {
    chownSync(each, 12_345, 12_345);
    await expect(load()).rejects.toMatchObject(refusal(each, "ERR_CACHE_UNSAFE_PATH"));
    const trusted = trustConfig(path, desk().environment);
    if (each === path) await expect(trusted).rejects.toMatchObject(refusal(path, "ERR_CACHE_UNSAFE_PATH"));
    else await trusted;
    chownSync(each, 0, 0);
  }
  expect((await load()).files).toEqual([own, path]);
});

test.runIf(process.geteuid?.() === 0)(
  "in a directory of somebody else's a file counts when it is trusted; above it, it is mentioned and left out",
  async () => {
    const path = desk().write(FILE, { namespace: "theirs" });
    chownSync(desk().project, 12_345, 12_345);
    await expect(load()).rejects.toMatchObject(refusal("you have not trusted it", "ERR_CACHE_UNTRUSTED"));
    await trustConfig(path, desk().environment);
    expect((await load()).files).toEqual([path]);
    mkdirSync(desk().path("src/project/own"));
    const remarks: string[] = [];
    const onRemark = (text: string) => remarks.push(text);
    const config = await loadConfig({ ...desk().here, cwd: desk().path("src/project/own"), onRemark });
    expect([config.files, remarks.length]).toEqual([[], 1]);
    expect(remarks[0]).toContain(path);
  },
);

test("a user without a home directory has no file of their own, trusts nothing, and is told of paths that begin with ~/", async () => {
  vi.stubEnv("HOME", relative(process.cwd(), desk().home));
  onTestFinished(() => void vi.unstubAllEnvs());
  desk().environment = {};
  desk().write(FILE, {});
  await expect(load()).rejects.toMatchObject(refusal("you have not trusted it", "ERR_CACHE_UNTRUSTED"));
  await expect(trustConfig(desk().path(FILE), {})).rejects.toMatchObject(refusal("set XDG_CONFIG_HOME"));
  await expect(load(desk().write("a.json", { dir: "~/x" }))).rejects.toMatchObject(refusal("no home directory"));
  expect(await load(desk().write("b.json", { dir: "x" }))).toMatchObject({ dir: desk().path("x") });
});

test("an option that there is not is refused", async () => {
  await expect(loadConfig({ path: "x" } as never)).rejects.toThrow(/no option "path"/);
});

test("CACHE_OFF=0 and an empty CACHE_OFF switch nothing off", async () => {
  for (const CACHE_OFF of ["0", ""]) {
    await using cache = await openCache("memory", { ...desk().here, environment: { HOME: desk().home, CACHE_OFF } });
    await cache.set("a", 1);
    expect(await cache.get("a")).toBe(1);
  }
});

test("keys that were named nowhere, twice, or beside a sign are refused", async () => {
  const trusted = [formatKey(SigningKey.generate().publicKey)];
  const protect = (fields: object, sources: object) => configuredProtection(fields, sources);
  await expect(protect({}, { file: "" })).rejects.toMatchObject(refusal("set to nothing"));
  await expect(protect({}, { file: "x", text: "y" })).rejects.toMatchObject(refusal("not from both"));
  for (const source of [{ file: "keys" }, { text: "keys" }])
    await expect(protect({ sign: { trusted } }, source)).rejects.toMatchObject(refusal("keys given outside it"));
});

test("a sign and a keyring that both say whom to believe are refused", async () => {
  const keyringFile = desk().path("keys");
  await createKeyringFile(keyringFile, Keyring.of(SigningKey.generate()));
  const trusted = [formatKey(SigningKey.generate().publicKey)];
  const both = configuredProtection({ keyringFile, sign: { trusted } });
  await expect(both).rejects.toMatchObject(refusal("both say whose signatures"));
});

test("a keyring whose keys are all revoked gives no cache without protection", async () => {
  const keyringFile = desk().path("keys");
  const key = SigningKey.generate().publicKey;
  await createKeyringFile(keyringFile, Keyring.of(key));
  expect((await configuredProtection({ keyringFile })).described).toBe("verified with Ed25519, read-only");
  await updateKeyringFile(keyringFile, (keyring) => revokeKey(keyring, key.id));
  const none = configuredProtection({ keyringFile });
  await expect(none).rejects.toMatchObject(refusal("no key that can be used", "ERR_CACHE_KEY_TYPE"));
});

test("only public keys are trusted, and an identity is an Ed25519 key", async () => {
  const key = SigningKey.generate();
  const keyType = (message: string) => refusal(message, "ERR_CACHE_KEY_TYPE");
  const secret = configuredProtection({ sign: { trusted: [formatKey(key)] } });
  await expect(secret).rejects.toMatchObject(keyType("only public keys"));
  const identityFile = desk().path("identity");
  await createKeyringFile(identityFile, Keyring.of(MasterKey.generate()));
  const sign = { trusted: [formatKey(key.publicKey)], identityFile };
  await expect(configuredProtection({ sign })).rejects.toMatchObject(keyType("no Ed25519 secret key"));
});

test.each([
  ["a misspelt field", '{"verfy":false}', ['"verfy"']],
  ["a misspelt field of a cache", '{"caches":{"a":{"tll":"1d"}}}', ['"caches.a" has "tll"']],
  ["a misspelt field of a sign", '{"caches":{"a":{"sign":{"trust":[]}}}}', ['"caches.a.sign" has "trust"']],
  ["a number in the place of a time", '{"ttl":5}', ['"ttl" is not text such as "7d": it is a number']],
  ["a list in the place of text", '{"caches":{"a":{"dir":[]}}}', ['"caches.a.dir" is not text', "it is a list"]],
  ["text in the place of a flag", '{"off":"yes"}', ['"off"', "it is text"]],
  ["a size of a cache that is none", '{"caches":{"a":{"maxBytes":"much"}}}', ['"caches.a.maxBytes" is none']],
  ["nothing", "", ["line 1, column 1 on"]],
  ["a comma too many", '{\n  "dir": "x",\n}', ["line 3, column 1 on"]],
  ["a comment", '{\n  // why\n  "dir": "x"\n}', ["line 2, column 3 on"]],
  ["a comma that is missing", '{\n  "dir": "x"\n  "ttl": "1d"\n}', ["line 3, column 3 on"]],
  ["text that does not end", '{\n  "dir": "x\n}', ["line 2, column 10 on"]],
  ["an end that is missing", '{"caches":{"a":{\n', ["line 2, column 1 on"]],
  ["a name without quotes", "{dir: 1}", ["line 1, column 2 on"]],
  ["a second document", "{}\n{}", ["line 2, column 1 on"]],
  ["a word that is none", '{"off": True}', ["line 1, column 9 on"]],
  ["a list that ends as an object", '{"require": ["sign"}', ["line 1, column 20 on"]],
])("what is wrong in a configuration is named by its field or its line: %s", async (_, text, parts) => {
  const path = desk().own({});
  writeFileSync(path, text);
  for (const part of [...parts, path]) await expect(load()).rejects.toMatchObject(refusal(part));
});

test("a configuration that is named is told by its line, and nothing that may be a secret is repeated", async () => {
  const secret = formatKey(MasterKey.generate());
  for (const text of [`{"${secret}":1}`, `{"dir":${secret}}`, `{"require":["${secret}"]}`, `{"ttl":"${secret}"}`]) {
    const error = await load(desk().write("secret.json", text)).catch((caught: unknown) => caught);
    expect(error).toMatchObject(refusal(desk().path("secret.json")));
    expect(String((error as Error).message)).not.toContain(secret.slice(20, 40));
  }
});

test("a key that is none is named by its field, its place in the list and the file", async () => {
  const good = formatKey(SigningKey.generate().publicKey);
  const bad = `${good.slice(0, -1)}${good.endsWith("A") ? "B" : "A"}`;
  const path = desk().own({ caches: { builds: { dir: "~/builds", sign: { trusted: [good, bad] } } } });
  const opened = openCache("builds", desk().here);
  await expect(opened).rejects.toMatchObject({ code: "ERR_CACHE_KEY_FORMAT" });
  await expect(opened).rejects.toThrow(`key 2 in "caches.builds.sign.trusted" of ${path}`);
  desk().own({ dir: "~/builds", sign: { trusted: [formatKey(SigningKey.generate())] } });
  await expect(openCache(undefined, desk().here)).rejects.toThrow(`key 1 in "sign.trusted" of ${path}`);
  desk().own({ dir: "~/builds", sign: { roots: [bad], certificates: ["x"] } });
  await expect(openCache(undefined, desk().here)).rejects.toThrow(`key 1 in "sign.roots" of ${path}`);
  desk().own({ dir: "~/builds" });
  const environment = { ...desk().environment, CACHE_ROOTS: bad, CACHE_CERTIFICATES: "x" };
  await expect(openCache(undefined, { ...desk().here, environment })).rejects.toThrow("key 1 in CACHE_ROOTS");
});

test("CACHE_REQUIRE adds to what files require, takes nothing back, and knows its words", async () => {
  const path = desk().own({ dir: "~/builds", require: ["seal"] });
  const open = (variables: Record<string, string>) =>
    openCache(undefined, { ...desk().here, environment: { ...desk().environment, ...variables } });
  const CACHE_KEYRING = formatKey(SigningKey.generate());
  await expect(open({ CACHE_KEYRING, CACHE_REQUIRE: "sign" })).rejects.toMatchObject(refusal(`"seal" (${path})`));
  desk().own({ dir: "~/builds" });
  for (const CACHE_REQUIRE of ["sign", "seal", "sign,seal", "seal, sign"])
    await expect(open({ CACHE_REQUIRE })).rejects.toMatchObject(refusal("(CACHE_REQUIRE)"));
  await expect(open({ CACHE_KEYRING, CACHE_REQUIRE: "sign,seal" })).rejects.toMatchObject(refusal('"seal"'));
  for (const CACHE_REQUIRE of ["", "signed", "sign,", "SIGN", "sign seal", "1"])
    await expect(open({ CACHE_KEYRING, CACHE_REQUIRE })).rejects.toMatchObject(refusal("CACHE_REQUIRE is sign"));
  await using signed = await open({ CACHE_KEYRING, CACHE_REQUIRE: "sign" });
  await signed.set("a", 1);
  expect(await signed.lookup("a")).toMatchObject({ state: "hit", trust: "signed" });
});

test("whatever one character more or less makes of a file, it is JSON or its line is told", async () => {
  const text = '{ "ttl": "1d\\n\\u00e9",\n\t"caches": {"a": {}}, "off": [true, null, -1.5e+3] }\n';
  const path = desk().path("one.json");
  const changed = [...text].flatMap((_, at) =>
    ["", ...'",:{}[]\\0e-. \t\u0001\u007f'].flatMap((more) => [
      text.slice(0, at) + more + text.slice(at),
      text.slice(0, at) + more + text.slice(at + 1),
    ]),
  );
  const parses = (each: string): boolean => {
    try {
      JSON.parse(each);
      return true;
    } catch {
      return false;
    }
  };
  for (const each of new Set([...changed, "", " ", "1", '"a"', "nul", "{}x", "[[[[", "]"])) {
    writeFileSync(path, each);
    const { message } = await load(path).then(
      () => ({ message: "" }),
      (error: Error) => error,
    );
    expect(/is not JSON, from line [123], column \d+ on; it is/.test(message), each).toBe(!parses(each));
    expect(message.includes("is not JSON"), each).toBe(!parses(each));
  }
});
