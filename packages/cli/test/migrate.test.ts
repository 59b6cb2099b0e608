import { createHash, randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileStore } from "@cache/cas";
import { createCache } from "@cache/core";
import { Keyring, parseKey } from "@cache/core/keyring";
import { sealer } from "@cache/crypto-envelope";
import { hmacSigner } from "@cache/signer";
import { expect, test } from "vitest";
import { useBench } from "./cli.ts";
import { FLECHE_KEYS, flecheStore } from "./fleche-store.ts";
import { masterText, pairText } from "./keys.ts";

const bench = useBench();
const old = () => bench().path("old");
const key = masterText();
const env = { CACHE_KEYRING: key };
const migrate = (args: readonly string[], variables: Record<string, string> = env) =>
  bench().run(["migrate", old(), ...args], { env: variables });
const migrated = async (args: readonly string[], variables?: Record<string, string>) => {
  const ran = await migrate([...args, "--json"], variables);
  return { code: ran.code, ...JSON.parse(ran.out) };
};
const sha256 = (bytes: string) => createHash("sha256").update(bytes).digest("hex");
const keyring = Keyring.of(parseKey(key));
const slots = { seal: sealer(keyring), sign: hmacSigner(keyring) };

/** Every file below a folder. */
const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort();

/** A file at DeltaGlider's place for it. */
function glide(content: string, suffix = "", name = sha256(content)): string {
  const path = `${name.slice(0, 2)}/${name.slice(2, 4)}/${name}${suffix}`;
  mkdirSync(dirname(join(old(), path)), { recursive: true, mode: 0o700 });
  writeFileSync(join(old(), path), content, { mode: 0o600 });
  return path;
}

/** What its two versions leave: a token with a copy in plain text, content of the older one, a torn write. */
function deltaGlider() {
  mkdirSync(old(), { mode: 0o700 });
  const token = glide("gAAAAABoexample-of-a-token==");
  const copy = glide("the plain text", ".decrypted", token.slice(-64));
  chmodSync(join(old(), copy), 0o644);
  const plain = glide("a reference in plain text");
  const temporary = `${dirname(plain)}/.tmp.${plain.slice(-64)}`;
  writeFileSync(join(old(), temporary), "half", { mode: 0o600 });
  writeFileSync(join(old(), "notes.txt"), "of the user", { mode: 0o600 });
  return { token, copy, plain, temporary };
}

test("migrate: says what is unsafe in DeltaGlider's directory, and changes nothing", async () => {
  const { copy, plain, temporary } = deltaGlider();
  const before = filesIn(old());
  const { code, layout, values, risks } = await migrated([]);
  expect({ code, layout, values }).toEqual({ code: 3, layout: "deltaglider", values: 2 });
  expect(risks).toEqual(
    expect.arrayContaining([
      { risk: "readable-by-others", count: 1, example: copy },
      { risk: "plaintext-copy", count: 1, example: copy },
      { risk: "left-over", count: 1, example: temporary },
      { risk: "unsealed", count: 1, example: plain },
    ]),
  );
  expect(filesIn(old())).toEqual(before);
  expect(await migrate([])).toMatchObject({ code: 3, out: expect.stringContaining("1 copies in plain text") });
});

test("migrate --import: content of DeltaGlider that has its digest comes in; tokens, copies and what was changed do not", async () => {
  const { token, copy, plain } = deltaGlider();
  const changed = glide("not what its name says", "", "ab".repeat(32));
  const outcomes = { [token]: "unread", [copy]: "unsigned", [plain]: "imported", [changed]: "damaged" };
  const dry = await migrated(["--import", "--dry-run"]);
  expect(existsSync(bench().dir)).toBe(false);
  const done = await migrated(["--import"]);
  for (const { code, files } of [dry, done]) {
    expect(code).toBe(3);
    expect(Object.fromEntries(files.map((row: { name: string; outcome: string }) => [row.name, row.outcome]))).toEqual(
      outcomes,
    );
  }
  expect((await bench().run(["cat", plain.slice(-64)], { env })).out).toBe("a reference in plain text");
  expect((await migrated(["--import"])).counts).toMatchObject({ present: 1 });
});

test.skipIf(process.platform === "win32")(
  "migrate --delete: what is of the layout goes, and nothing that a link leads to",
  async () => {
    deltaGlider();
    mkdirSync(bench().path("elsewhere/cd"), { recursive: true });
    const outside = bench().path(`elsewhere/cd/abcd${"0".repeat(60)}`);
    writeFileSync(outside, "of somebody else");
    symlinkSync(bench().path("elsewhere"), join(old(), "ab"));
    const linked = glide("x");
    const linkedTo = bench().path("target");
    writeFileSync(linkedTo, "also");
    symlinkSync(linkedTo, join(old(), `${linked}.decrypted`));
    const before = filesIn(old());
    expect((await migrated(["--delete", "--dry-run"])).counts).toEqual({ removed: 6 });
    expect(filesIn(old())).toEqual(before);
    expect(await migrated(["--delete"])).toMatchObject({ code: 0, counts: { removed: 6 } });
    expect(readdirSync(old()).sort()).toEqual(["ab", "notes.txt"]);
    expect([readFileSync(outside, "utf8"), readFileSync(linkedTo, "utf8")]).toEqual(["of somebody else", "also"]);
    expect(await migrate([])).toMatchObject({ code: 1, err: expect.stringContaining("nothing there") });
  },
);

test("migrate: of fleche's directory it tells what nobody signed, imports by its keys only, and deletes only what has its form", async () => {
  const rows = flecheStore(join(old(), "values"), "good", "bad");
  const good = rows.filter(({ verdict }) => verdict === "ok").length;
  mkdirSync(join(old(), "calls"));
  // As other programs name their files: an image layer, say.
  writeFileSync(join(old(), "calls", "f".repeat(64)), "something else");
  const unsigned = rows.filter(({ verdict }) => verdict === "ERR_CACHE_UNSIGNED");
  const looked = await migrated([]);
  expect(looked).toMatchObject({ code: 3, layout: "fleche" });
  expect(looked.risks.find(({ risk }: { risk: string }) => risk === "unsigned")).toMatchObject({
    count: unsigned.length,
  });
  expect(await migrate(["--import"])).toMatchObject({
    code: 2,
    out: "",
    err: expect.stringContaining("no keys of fleche"),
  });
  const done = await migrated(["--import", "--secret-key-env"], { ...env, FLECHE_SECRET_KEY: FLECHE_KEYS });
  expect(done).toMatchObject({ code: 3, counts: { imported: good, unsigned: unsigned.length } });
  const [one] = rows;
  expect((await bench().run(["has", `values/${one?.name}`], { env })).code).toBe(0);
  expect((await migrated(["--delete"])).code).toBe(0);
  const left = filesIn(old());
  expect(left).toContain(`calls/${"f".repeat(64)}`);
  for (const { name, verdict } of rows)
    if (["ok", "ERR_CACHE_UNSIGNED", "ERR_CACHE_AUTH"].includes(verdict)) expect(left).not.toContain(`values/${name}`);
});

/** A store that nobody signed, by the command and by a program with another codec. */
async function unsignedStore(): Promise<string> {
  const cache = createCache({ store: fileStore(old()) });
  await cache.set("settings", { retries: 3 });
  await cache.namespace("builds").set("large", "x".repeat(80_000));
  await cache.set("brief", 1, { ttl: "1h" });
  return cache.blobs.put(new Uint8Array(70_000).fill(7));
}

test("migrate --import: an unsigned store is signed and sealed key by key, with codec and time to live; again changes nothing", async () => {
  const digest = await unsignedStore();
  const looked = await migrated([]);
  expect(looked).toMatchObject({ code: 3, layout: "cache", values: 3 });
  expect(looked.risks.map(({ risk }: { risk: string }) => risk).sort()).toEqual(["unsealed", "unsigned"]);
  expect((await migrated(["--import", "--dry-run"])).counts).toEqual({ imported: 4 });
  expect(existsSync(bench().dir)).toBe(false);
  expect(await migrated(["--import"])).toMatchObject({ code: 0, counts: { imported: 4 } });
  const cache = createCache({ store: fileStore(bench().dir), ...slots });
  expect(await cache.get("settings")).toEqual({ retries: 3 });
  expect(await cache.namespace("builds").get("large")).toBe("x".repeat(80_000));
  const brief = await cache.lookup("brief");
  expect(brief).toMatchObject({ state: "hit", trust: "signed" });
  expect(brief.state === "hit" && (brief.expires ?? 0) - Date.now()).toBeLessThanOrEqual(3_600_000);
  expect(brief.state === "hit" && brief.expires).toBeGreaterThan(Date.now());
  expect(await cache.blobs.has(digest)).toBe(true);
  expect(await migrated(["--import"])).toMatchObject({ code: 0, counts: { present: 4 } });
  await cache.set("settings", { retries: 5 });
  expect(await migrated(["--import"])).toMatchObject({ code: 3, counts: { present: 3, occupied: 1 } });
  expect(await cache.get("settings")).toEqual({ retries: 5 });
});

test("migrate: in its own directory a store is signed where it lies, and then nothing is unsafe any more", async () => {
  await unsignedStore();
  const pair = pairText();
  const own = { CACHE_KEYRING: pair.secret, CACHE_DIR: old() };
  expect(await migrated(["--import"], own)).toMatchObject({ code: 0, counts: { imported: 3 } });
  const found = await bench().run(["ls", "--all", "--json"], { env: { ...own, CACHE_KEYRING: pair.public } });
  expect(found.out.match(/"state":"ok"/g)).toHaveLength(3);
  expect(await migrated([], own)).toMatchObject({ code: 0, values: 3, risks: [] });
  expect(await migrated(["--delete"], own)).toMatchObject({ code: 0, counts: {} });
  // Sealed by another key, in the same place: what is signed only is taken over, and what lay in plain text is removed.
  const sealed = { CACHE_KEYRING: `${key},${pair.secret}`, CACHE_DIR: old() };
  expect(await migrated(["--import"], sealed)).toMatchObject({ code: 0, counts: { imported: 4 } });
  expect(await migrated(["--delete"], sealed)).toMatchObject({ code: 0, counts: { removed: 5 } });
  expect(await migrated([], sealed)).toMatchObject({ code: 0, values: 0, risks: [] });
  expect((await bench().run(["ls", "--all", "--json"], { env: sealed })).out.match(/"state":"ok"/g)).toHaveLength(3);
});

test("migrate: entries that are sealed and that nobody signed are signed in their place, and others of the key are left", async () => {
  const bare = createCache({ store: fileStore(old()), seal: slots.seal });
  await bare.set("bare", { retries: 3 });
  const cache = createCache({ store: fileStore(old()), ...slots });
  await cache.set("whole", { retries: 5 });
  const own = { ...env, CACHE_DIR: old() };
  expect(await migrated([], own)).toMatchObject({ code: 3, values: 1, risks: [{ risk: "unsigned", example: "bare" }] });
  expect(await migrated(["--import"], own)).toMatchObject({ code: 0, counts: { imported: 1 } });
  expect(await cache.lookup("bare")).toMatchObject({ state: "hit", trust: "signed", value: { retries: 3 } });
  expect(await migrated([], own)).toMatchObject({ code: 0, risks: [] });
  await bare.set("bare", { retries: 4 });
  expect(await migrated(["--delete"], own)).toMatchObject({ code: 0, counts: { removed: 1 } });
  expect(await cache.getMany(["bare", "whole"])).toEqual(new Map([["whole", { retries: 5 }]]));
});

test("M45: migrate: what other keys sealed or signed is neither imported nor deleted", async () => {
  const others = { CACHE_KEYRING: masterText(), CACHE_DIR: old() };
  const signers = { CACHE_KEYRING: pairText().secret, CACHE_DIR: old() };
  await bench().run(["set", "sealed"], { env: others, input: "theirs" });
  const content = (await bench().run(["put"], { env: others, input: "their content" })).out.trim();
  await bench().run(["set", "signed"], { env: signers, input: "also theirs" });
  await bench().run(["set", "plain"], { env: { CACHE_DIR: old() }, input: "ours" });
  expect(await migrated(["--import"])).toMatchObject({ code: 0, counts: { imported: 1 } });
  expect(await migrated(["--delete"])).toMatchObject({ code: 0, counts: { removed: 1 } });
  expect((await bench().run(["get", "sealed"], { env: others })).out).toBe("theirs");
  expect((await bench().run(["cat", content], { env: others })).out).toBe("their content");
  expect((await bench().run(["get", "signed"], { env: signers })).out).toBe("also theirs");
});

test.skipIf(process.platform === "win32")(
  "migrate --import: an unsigned store that others could write to is refused, and is told to be one",
  async () => {
    await unsignedStore();
    chmodSync(old(), 0o777);
    expect(await migrate(["--import"])).toMatchObject({
      code: 4,
      out: "",
      err: expect.stringContaining("ERR_CACHE_UNSAFE_PATH"),
    });
  },
);

test("migrate: DeltaGlider's key is the cache's own when an option says so, and only then", async () => {
  deltaGlider();
  const secret = randomBytes(32).toString("base64url");
  const variables = { DG_CACHE_ENCRYPTION_KEY: `${secret}=` };
  expect(await migrate(["--import"], variables)).toMatchObject({
    code: 2,
    err: expect.stringContaining("has no keys"),
  });
  const done = await migrated(["--import", "--deltaglider-key"], variables);
  expect(done.counts).toMatchObject({ imported: 1 });
  const found = await bench().run(["cat", sha256("a reference in plain text")], {
    env: { CACHE_KEYRING: `${secret}=` },
  });
  expect(found.out).toBe("a reference in plain text");
  for (const [wrong, code] of [
    [{}, "ERR_CACHE_CONFIG"],
    [{ ...variables, ...env }, "ERR_CACHE_CONFIG"],
    [{ DG_CACHE_ENCRYPTION_KEY: secret }, "ERR_CACHE_KEY_FORMAT"],
    [{ DG_CACHE_ENCRYPTION_KEY: `${"A".repeat(43)}=` }, "ERR_CACHE_WEAK_KEY"],
  ] as const)
    expect(await migrate(["--import", "--deltaglider-key"], wrong)).toMatchObject({
      code: 2,
      err: expect.stringContaining(code),
    });
  expect(bench().printed).not.toContain(secret.slice(0, 12));
});

test("migrate: wrong use, and directories of no known layout", async () => {
  expect(await migrate([])).toMatchObject({ code: 2, out: "" });
  mkdirSync(old());
  writeFileSync(join(old(), "file"), "");
  expect(await migrate([])).toMatchObject({ code: 1, out: "" });
  for (const action of [[], ["--delete"]])
    expect(await bench().run(["migrate", join(old(), "file"), ...action])).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringContaining("that is a file and no directory (ERR_CACHE_USAGE)"),
    });
  for (const args of [["--import", "--delete"], ["--dry-run"]])
    expect(await migrate(args)).toMatchObject({ code: 2, err: expect.stringContaining("ERR_CACHE_USAGE") });
});
