import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { useBench } from "./cli.ts";
import { masterText, pairText } from "./keys.ts";

const bench = useBench();
const SECRET = "what nobody else may read ";
const LARGE = SECRET.repeat(3000);
const ours = pairText();
const theirs = pairText();
const maker = { CACHE_KEYRING: ours.secret };
/** Another machine: its own directory, its own key, and our public one. */
const other = () => ({ CACHE_KEYRING: `${theirs.secret} ${ours.public}`, CACHE_DIR: bench().path("other") });

const cache = (env: Readonly<Record<string, string>>, ...args: string[]) => bench().run(args, { env });
const set = (env: Readonly<Record<string, string>>, key: string, input: string) =>
  bench().run(["set", key], { env, input });

/** Stores of the same values under other keys, each filled once. */
const templates = new Map<string, string>();
afterAll(() => {
  for (const folder of templates.values()) rmSync(folder, { recursive: true });
});

async function fill(env: Readonly<Record<string, string>>): Promise<void> {
  const id = JSON.stringify(env);
  const template = templates.get(id) ?? mkdtempSync(join(tmpdir(), "cache-cli-filled-"));
  if (!templates.has(id)) {
    templates.set(id, template);
    const into = { ...env, CACHE_DIR: join(template, "store") };
    await Promise.all([set(into, "dist/a", SECRET), set(into, "dist/b", LARGE), set(into, "log", "x")]);
  }
  cpSync(join(template, "store"), bench().dir, { recursive: true });
}

describe("cache bundle export and import", () => {
  beforeEach(() => fill(maker));

  it("carry entries to another directory and other keys, for people and for programs", async () => {
    const made = await cache(maker, "bundle", "export", "carry.bundle", "--json");
    expect(made).toMatchObject({ code: 0, err: "" });
    const document = JSON.parse(made.out);
    expect(document).toMatchObject({ file: "carry.bundle", name: "carry", sealed: false, copied: 3, refused: 0 });
    const shown = await cache({}, "bundle", "inspect", "carry.bundle");
    expect(shown.out).toContain("contents   3 entries of a cache\n");
    const dry = await cache(other(), "bundle", "import", "carry.bundle", "--dry-run", "--json");
    expect(JSON.parse(dry.out)).toMatchObject({ state: "ok", copied: 3, dryRun: true });
    await set(other(), "log", "mine");
    const ran = await cache(other(), "bundle", "import", "carry.bundle");
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(ran.out).toMatch(/^carry: 2 entries imported, .*; 1 were there, 0 have expired; signed by [0-9a-f]{32}\n$/);
    const reader = { CACHE_KEYRING: theirs.public, CACHE_DIR: bench().path("other") };
    expect((await cache(reader, "get", "dist/b")).out).toBe(LARGE);
    expect((await cache(other(), "get", "log")).out).toBe("mine");
    const again = JSON.parse((await cache(other(), "bundle", "import", "carry.bundle", "--overwrite", "--json")).out);
    expect(again).toMatchObject({ state: "ok", trust: "signed", copied: 3, there: 0, digest: document.digest });
    expect((await cache(other(), "get", "log")).out).toBe("x");
  });

  it("take the keys, the beginnings and the namespaces that are asked for, and say what is missing with 1", async () => {
    await bench().run(["set", "log", "--namespace", "below"], { env: maker, input: "below" });
    const some = async (...args: string[]) => {
      const { code, out } = await cache(maker, "bundle", "export", "carry.bundle", ...args, "--json");
      const { copied, missing } = JSON.parse(out);
      return [code, copied, missing];
    };
    expect(await some("dist/b", "gone")).toEqual([1, 1, 1]);
    expect(await some("--prefix", "dist/")).toEqual([0, 2, 0]);
    expect(await some()).toEqual([0, 3, 0]);
    expect(await some("--all-namespaces")).toEqual([0, 4, 0]);
  });

  it("refuse with 3 what was changed, what others signed, what is no package of entries, and running one", async () => {
    await cache(maker, "bundle", "export", "carry.bundle");
    const bytes = readFileSync(bench().path("carry.bundle"));
    const stranger = { ...other(), CACHE_KEYRING: theirs.secret };
    const none = { CACHE_DIR: bench().path("other") };
    for (const [env, code] of [
      [stranger, "UNKNOWN_KEY"],
      [none, "UNKNOWN_KEY"],
    ] as const) {
      const ran = await cache(env, "bundle", "import", "carry.bundle");
      expect(ran).toMatchObject({ code: 3, out: "", err: expect.stringContaining(`(ERR_CACHE_${code})`) });
    }
    expect(await cache(maker, "bundle", "run", "carry.bundle")).toMatchObject({
      code: 3,
      err: expect.stringContaining("nothing to run (ERR_CACHE_FORMAT)"),
    });
    bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
    writeFileSync(bench().path("carry.bundle"), bytes);
    const changed = await cache(other(), "bundle", "import", "carry.bundle");
    expect(changed).toMatchObject({ code: 3, out: "", err: expect.stringContaining("(ERR_CACHE_AUTH)") });
    await cache(maker, "bundle", "create", "files.bundle", "store");
    const files = await cache(other(), "bundle", "import", "files.bundle");
    expect(files).toMatchObject({ code: 3, err: expect.stringContaining("no entries of a cache (ERR_CACHE_FORMAT)") });
    expect(existsSync(bench().path("other"))).toBe(false);
  });

  it("leave out what is damaged, and end with 3", async () => {
    const blobs = bench().path("store/v1/blobs");
    for (const name of readdirSync(blobs, { recursive: true, encoding: "utf8" }))
      if (/[0-9a-f]{64}$/.test(name)) writeFileSync(`${blobs}/${name}`, "something else");
    const made = await cache(maker, "bundle", "export", "carry.bundle");
    expect(made).toMatchObject({ code: 3, err: expect.stringContaining("1 entries do not hold and were left out") });
    expect((await cache(other(), "bundle", "import", "carry.bundle")).out).toMatch(/^carry: 2 entries imported/);
  });

  it("wrong use exits with 2, and one line that helps", async () => {
    await cache(maker, "bundle", "export", "carry.bundle");
    const wrong = [
      ["export"],
      ["export", "x.bundle", "a", "--prefix", "b"],
      ["export", "x.bundle", "--command", "bin/a"],
      ["export", "x.bundle", "--purpose", "a=data"],
      ["export", "x.bundle", "--overwrite"],
      ["export", "x.bundle", ""],
      ["import", "carry.bundle", "log"],
      ["import", "carry.bundle", "--prefix", "a"],
      ["import", "carry.bundle", "--max-bytes", "1GB"],
    ];
    const runs = wrong.map(async (args) => [args, await cache(maker, "bundle", ...args)] as const);
    for (const [args, ran] of await Promise.all(runs)) {
      expect([args, ran.code, ran.out]).toEqual([args, 2, ""]);
      expect(ran.err).toMatch(/^cache: [^\n]+ \(ERR_CACHE_USAGE\)[^\n]*\n$/);
    }
    const off = await cache({ ...maker, CACHE_OFF: "1" }, "bundle", "import", "carry.bundle");
    expect([off.code, off.err]).toEqual([2, expect.stringContaining("nothing would be imported")]);
    expect(existsSync(bench().path("x.bundle"))).toBe(false);
  });
});

describe("entries of a sealed cache", () => {
  it("travel sealed, and are opened by whoever has the master key", async () => {
    const sealing = { CACHE_KEYRING: masterText() };
    await fill(sealing);
    expect((await cache(sealing, "bundle", "export", "carry.bundle")).code).toBe(0);
    const bytes = readFileSync(bench().path("carry.bundle"));
    for (const clear of [SECRET, "dist/a"]) expect(bytes.includes(clear)).toBe(false);
    const there = { CACHE_DIR: bench().path("other") };
    const stranger = await cache({ ...there, CACHE_KEYRING: masterText() }, "bundle", "import", "carry.bundle");
    expect(stranger).toMatchObject({ code: 3, err: expect.stringContaining("UNKNOWN_KEY") });
    expect((await cache({ ...there, ...sealing }, "bundle", "import", "carry.bundle")).code).toBe(0);
    expect((await cache({ ...there, ...sealing }, "get", "dist/b")).out).toBe(LARGE);
  });
});

describe("without keys", () => {
  it("entries travel as integrity only, and both sides are told so", async () => {
    await fill({});
    const made = await cache({}, "bundle", "export", "carry.bundle");
    expect(made).toMatchObject({ code: 0, err: expect.stringContaining("nobody signs the package") });
    const ran = await cache({ CACHE_DIR: bench().path("other") }, "bundle", "import", "carry.bundle");
    expect(ran).toMatchObject({ code: 0, err: expect.stringContaining("who made the package is not verified") });
    expect(ran.out).toContain("integrity only: nobody signed it");
    const keyed = await cache(other(), "bundle", "import", "carry.bundle");
    expect(keyed).toMatchObject({ code: 3, err: expect.stringContaining("UNKNOWN_KEY") });
  });
});
