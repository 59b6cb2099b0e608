import { type ChildProcess, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BIN, useBench } from "./cli.ts";
import { pairText } from "./keys.ts";

const bench = useBench();
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

const pair = pairText();
const maker = { CACHE_KEYRING: pair.secret };
const reader = { CACHE_KEYRING: pair.public };
const SCRIPT = '#!/bin/sh\necho "hello $1 from $PWD"\n[ $# -lt 2 ] || exit "$2"\n';

function source(script = SCRIPT): void {
  mkdirSync(bench().path("app/bin"), { recursive: true });
  writeFileSync(bench().path("app/bin/greet"), script, { mode: 0o755 });
  writeFileSync(bench().path("app/words"), "word ".repeat(1000));
}

const make = (...more: string[]) =>
  bench().run(["bundle", "create", "greet.bundle", "app", "--command", "bin/greet", ...more], { env: maker });
let ready: Uint8Array | undefined;
/** What `make()` makes of the usual source, without a process for every test that needs one. */
async function pack(): Promise<void> {
  if (ready !== undefined) return writeFileSync(bench().path("greet.bundle"), ready);
  await make();
  ready = readFileSync(bench().path("greet.bundle"));
}
const bundle = (...args: string[]) => bench().run(["bundle", ...args], { env: reader });
const extracted = (...path: string[]) => join(bench().dir, "bundles", "v1", ...path);

function flip(at: number): void {
  const bytes = readFileSync(bench().path("greet.bundle"));
  const place = at < 0 ? bytes.length + at : at;
  bytes[place] = (bytes[place] as number) ^ 1;
  writeFileSync(bench().path("greet.bundle"), bytes);
}

beforeEach(() => source());

describe("cache bundle", () => {
  it("makes, verifies, shows and extracts a package, for people and for programs", async () => {
    const made = await make("--release", "1.2.3", "--compression", "brotli", "--purpose", "bin=code", "--json");
    expect(made).toMatchObject({ code: 0, err: "" });
    const { digest, members, name } = JSON.parse(made.out);
    expect([name, members]).toEqual(["greet", 3]);
    for (const level of ["quick", "paranoid"]) {
      const ran = await bundle("verify", "greet.bundle", "--level", level);
      expect(ran).toMatchObject({ code: 0, err: "" });
      expect(ran.out).toMatch(
        new RegExp(`^greet 1\\.2\\.3: holds, at level ${level}; signed by [0-9a-f]{32}\\ndigest     ${digest}\\n`),
      );
    }
    const document = JSON.parse((await bundle("verify", "greet.bundle", "--json")).out);
    expect(document).toMatchObject({ state: "ok", level: "standard", trust: "signed", digest, version: "1.2.3" });
    const shown = await bench().run(["bundle", "inspect", "greet.bundle"]);
    expect(shown.out).toContain("claimed, nothing was verified");
    expect(shown.out).toContain(`-rwxr-xr-x ${String(SCRIPT.length).padStart(12)} bin/greet  (code)`);
    expect(await bundle("extract", "greet.bundle", "out")).toMatchObject({ code: 0, err: "" });
    expect(readFileSync(bench().path("out/bin/greet"), "utf8")).toBe(SCRIPT);
    expect((await bundle("extract", "greet.bundle", "out")).code).toBe(4);
  });

  it("gives the same bytes for a copy of the same contents", async () => {
    await make();
    const first = readFileSync(bench().path("greet.bundle"));
    cpSync(bench().path("app"), bench().path("copy"), { recursive: true });
    rmSync(bench().path("app"), { recursive: true });
    renameSync(bench().path("copy"), bench().path("app"));
    await make();
    expect(readFileSync(bench().path("greet.bundle")).equals(first)).toBe(true);
  });

  it("M65: refuses with 3 what was changed anywhere, and extracts and runs nothing of it", async () => {
    await pack();
    for (const [at, ...actions] of [
      [20, "verify"],
      [200, "run"],
      [-1, "verify", "extract", "run"],
    ] as const) {
      flip(at);
      for (const action of actions) {
        const rest = action === "extract" ? ["out"] : [];
        const ran = await bundle(action, "greet.bundle", ...rest);
        expect([at, action, ran.code, ran.out]).toEqual([at, action, 3, ""]);
        expect(ran.err).toMatch(/^cache: [^\n]+ \(ERR_CACHE_[A-Z_]+\)[^\n]*\n$/);
      }
      flip(at);
    }
    expect(existsSync(bench().path("out"))).toBe(false);
    expect(existsSync(extracted("packages")) ? readdirSync(extracted("packages")) : []).toEqual([]);
    flip(-1);
    const refused = await bundle("verify", "greet.bundle", "--json");
    expect(JSON.parse(refused.out)).toEqual({ state: "rejected", level: "standard", code: "ERR_CACHE_AUTH" });
  });

  it("M66: PW23: no variable makes a refused package be believed", async () => {
    await pack();
    flip(-1);
    const names = [
      "CACHE_VERIFY",
      "CACHE_DEBUG",
      "CACHE_OFF",
      "CACHE_VALIDATION",
      "CACHE_LEVEL",
      "FLAVOR_VALIDATION",
      "NODE_ENV",
      "CI",
    ];
    const runs = ["0", "none", "false", "off", "1"].map(async (value) => {
      const env = { ...reader, ...Object.fromEntries(names.map((name) => [name, value])) };
      return await bench().run(["bundle", "run", "greet.bundle"], { env });
    });
    for (const ran of await Promise.all(runs)) expect([ran.code, ran.out]).toEqual([3, ""]);
  });

  it("refuses another's package in the place of one by its name, and a stranger's by its key", async () => {
    await pack();
    renameSync(bench().path("greet.bundle"), bench().path("deploy.bundle"));
    const other = await bundle("verify", "deploy.bundle");
    expect(other).toMatchObject({ code: 3, err: expect.stringContaining("--name") });
    expect((await bundle("verify", "deploy.bundle", "--name", "greet")).code).toBe(0);
    const stranger = await bench().run(["bundle", "run", "deploy.bundle", "--name", "greet"], {
      env: { CACHE_KEYRING: pairText().public },
    });
    expect(stranger).toMatchObject({ code: 3, out: "", err: expect.stringContaining("ERR_CACHE_UNKNOWN_KEY") });
    const keyless = await bench().run(["bundle", "verify", "deploy.bundle", "--name", "greet"]);
    expect(keyless).toMatchObject({ code: 3, err: expect.stringContaining("ERR_CACHE_UNKNOWN_KEY") });
    expect((await bench().run(["bundle", "create", "x.bundle", "app"], { env: reader })).code).toBe(4);
  });

  it("calls what nobody signed integrity only, and says so when it is made", async () => {
    const made = await bench().run(["bundle", "create", "greet.bundle", "app"]);
    expect(made).toMatchObject({ code: 0, err: expect.stringContaining("nobody signs the package") });
    const ran = await bench().run(["bundle", "verify", "greet.bundle"]);
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining("integrity only: nobody signed it") });
    expect((await bundle("verify", "greet.bundle")).code).toBe(3);
  });

  it("refuses what has expired", async () => {
    await make("--ttl", "1ms");
    expect(await bundle("verify", "greet.bundle")).toMatchObject({ code: 3, err: expect.stringContaining("EXPIRED") });
  });

  const WRONG: readonly (readonly [string, readonly string[]])[] = [
    ["no action", ["frob"]],
    ["no file", ["verify"]],
    ["a level that is none", ["verify", "greet.bundle", "--level", "relaxed"]],
    ["a misspelt level", ["verify", "greet.bundle", "--level", "Deep"]],
    ["two files", ["verify", "greet.bundle", "greet.bundle"]],
    ["no directory to pack", ["create", "x.bundle"]],
    ["a directory that is not there", ["create", "x.bundle", "nowhere"]],
    ["a command that is no member", ["create", "x.bundle", "app", "--command", "bin/other"]],
    ["a command without a right to execute", ["create", "x.bundle", "app", "--command", "words"]],
    ["rules without a command", ["create", "x.bundle", "app", "--pass", "HOME"]],
    ["a purpose that is none", ["create", "x.bundle", "app", "--purpose", "bin=evil"]],
    ["a compression that is none", ["create", "x.bundle", "app", "--compression", "gzip"]],
    ["a package that is not there", ["run", "missing.bundle"]],
    ["a package in what is no directory", ["extract", "greet.bundle/missing.bundle", "out"]],
    ["an age that is none", ["clean", "--older-than", "soon"]],
    ["a name for cleaning", ["clean", ".."]],
    ["an empty name", ["verify", "greet.bundle", "--name", ""]],
  ];

  it("wrong use exits with 2, and one line that helps", async () => {
    await pack();
    const runs = WRONG.map(
      async ([what, args]) => [what, await bench().run(["bundle", ...args], { env: maker })] as const,
    );
    for (const [what, ran] of await Promise.all(runs)) {
      expect([what, ran.code, ran.out]).toEqual([what, 2, ""]);
      expect(ran.err).toMatch(/^cache: [^\n]+ \(ERR_CACHE_USAGE\)[^\n]*\n$/);
    }
    expect(existsSync(bench().path("x.bundle"))).toBe(false);
  });

  it("refuses to pack links with 2, and packs what is left when they are excluded", async () => {
    mkdirSync(bench().path("app/node_modules/.bin"), { recursive: true });
    symlinkSync("/etc/passwd", bench().path("app/node_modules/.bin/link"));
    const refused = await make();
    expect(refused).toMatchObject({ code: 2, out: "" });
    expect(refused.err).toMatch(
      /^cache: node_modules\/\.bin\/link is a link, and links are not packed \(ERR_CACHE_USAGE\); --exclude NAME [^\n]+\n$/,
    );
    expect(existsSync(bench().path("greet.bundle"))).toBe(false);
    const made = await make("--exclude", ".bin", "--exclude", "./words/", "--json");
    expect([made.code, JSON.parse(made.out).members]).toEqual([0, 3]);
  });

  it("packs no keyring, by whatever name it is reached, and no secret key", async () => {
    const [keys, hidden] = [bench().path("app/keys"), bench().path("hidden")];
    await bench().run(["keys", "new", "--type", "ed25519", "--keyring-file", keys]);
    linkSync(keys, hidden);
    const create = (...args: string[]) => bench().run(["bundle", "create", "x.bundle", "app", ...args]);
    const ran = [
      await create("--keyring-file", hidden),
      await create(),
      await create("--keyring-file", hidden, "--exclude", "other"),
    ];
    for (const { code, out, err } of ran) {
      expect([code, out]).toEqual([2, ""]);
      expect(err).toMatch(
        /^(cache: no keys [^\n]+\n)?cache: keys [^\n]+ \(ERR_CACHE_SECRET\); keep keys outside [^\n]+\n$/,
      );
    }
    expect(ran.map(({ err }) => /is a file of keys|native form/.exec(err)?.[0])).toEqual([
      "is a file of keys",
      "native form",
      "is a file of keys",
    ]);
    expect(existsSync(bench().path("x.bundle"))).toBe(false);
    expect(await create("--keyring-file", hidden, "--exclude", "keys")).toMatchObject({ code: 0, err: "" });
  });

  it("writes refusals and changed extractions to the audit log", async () => {
    await pack();
    bench().configure({ auditFile: bench().path("audit.jsonl") });
    expect((await bundle("run", "greet.bundle")).code).toBe(0);
    const [digest = ""] = readdirSync(extracted("packages"));
    writeFileSync(extracted("packages", digest, "files/bin/greet"), "#!/bin/sh\necho evil\n");
    expect((await bundle("run", "greet.bundle")).out).toMatch(/^hello/);
    flip(-1);
    await bundle("verify", "greet.bundle");
    const lines = readFileSync(bench().path("audit.jsonl"), "utf8").trim().split("\n");
    const events = lines.map((line) => JSON.parse(line)).filter(({ plane }) => plane === "packages");
    expect(events.map(({ type, level, code }) => [type, level, code])).toEqual([
      ["quarantined", "security", "ERR_CACHE_AUTH"],
      ["rejected", "security", "ERR_CACHE_AUTH"],
    ]);
  });
});

describe("cache bundle run", () => {
  it("runs the command with arguments as they are, and ends with its exit code", async () => {
    await make("--argument", "Ada", "--work-directory", "package");
    const ran = await bundle("run", "greet.bundle", "--", "42");
    expect(ran).toMatchObject({ code: 42, err: "" });
    expect(ran.out).toMatch(/^hello Ada from .*\/bundles\/v1\/packages\/[0-9a-f]{64}\/files\n$/);
    expect((await bundle("run", "greet.bundle", "--json")).code).toBe(0);
    expect((await bundle("run", "greet.bundle", "--", "--json", "--help")).out).toContain("hello Ada");
  });

  it("says by name that a package is not there", async () => {
    const { err } = await bundle("run", "missing.bundle");
    expect(err).toBe("cache: there is no file missing.bundle (ERR_CACHE_USAGE)\n");
  });

  it("without keys runs nothing, neither what nobody signed nor what somebody did", async () => {
    const run = () => bench().run(["bundle", "run", "greet.bundle"]);
    await bench().run(["bundle", "create", "greet.bundle", "app", "--command", "bin/greet"]);
    const refused = await run();
    expect(refused).toMatchObject({ code: 3, out: "" });
    expect(refused.err).toMatch(
      /\ncache: nobody signed the package[^\n]+ \(ERR_CACHE_UNSIGNED\); [^\n]*--keyring-file[^\n]*\n$/,
    );
    expect((await bench().run(["bundle", "verify", "greet.bundle"])).code).toBe(0);
    await pack();
    expect(await run()).toMatchObject({ code: 3, out: "", err: expect.stringContaining("ERR_CACHE_UNKNOWN_KEY") });
    expect(existsSync(bench().dir)).toBe(false);
  });

  it("gives the command none of the keys", async () => {
    source("#!/bin/sh\nenv\n");
    await make("--pass", "CACHE_*", "--map", "STOLEN=CACHE_KEYRING");
    const ran = await bundle("run", "greet.bundle");
    expect(ran.out).toContain("BUNDLE_DIRECTORY=");
    expect(ran.out).not.toMatch(/CACHE_KEYRING|STOLEN|cachek1/);
  });

  it("PW9: many at once end well, with one extraction", async () => {
    source('#!/bin/sh\ncat "$BUNDLE_DIRECTORY/words" | wc -c\n');
    await make();
    const ran = await Promise.all(Array.from({ length: 4 }, () => bundle("run", "greet.bundle")));
    expect(ran.map(({ code, out, err }) => [code, out.trim(), err])).toEqual(Array(4).fill([0, "5000", ""]));
    expect(readdirSync(extracted("packages"))).toHaveLength(1);
    expect([readdirSync(extracted("tmp")), readdirSync(extracted("leases"))]).toEqual([[], []]);
  });

  /** A run that waits until its input ends. */
  async function waiting(): Promise<{ child: ChildProcess; ended: Promise<number | null>; first: string }> {
    const env = { PATH: process.env.PATH, HOME: bench().home, CACHE_DIR: bench().dir, ...reader };
    const child = spawn(process.execPath, [BIN, "bundle", "run", "greet.bundle"], { cwd: bench().root, env });
    started.push(child);
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const first = await new Promise<string>((resolve) => lines.once("line", resolve));
    return { child, ended, first };
  }

  it("hands signals on, and ends as the command does", async () => {
    source("#!/bin/sh\ntrap 'exit 7' TERM\necho ready\nwhile :; do sleep 0.05; done\n");
    await make();
    const { child, ended } = await waiting();
    child.kill("SIGTERM");
    expect(await ended).toBe(7);
  });

  it("PW12: what a command uses is not cleaned, not even when its runner was killed", async () => {
    source("#!/bin/sh\necho $$\nwhile :; do sleep 0.05; done\n");
    await make();
    const { child, first } = await waiting();
    const all = ["clean", "--max-bytes", "0", "--json"];
    expect(JSON.parse((await bundle(...all)).out)).toMatchObject({ removed: [], inUse: 1 });
    expect((await bundle("list")).out).toMatch(/^[0-9a-f]{16} {2}in use .* greet\n$/);
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
    expect(JSON.parse((await bundle(...all)).out)).toMatchObject({ removed: [], inUse: 1 });
    process.kill(Number(first), "SIGKILL");
    await new Promise((resolve) => child.once("close", resolve));
    const report = JSON.parse((await bundle(...all)).out);
    expect([report.removed.length, report.leftovers]).toEqual([1, 1]);
    expect(readdirSync(extracted("packages"))).toEqual([]);
  });
});

describe("cache bundle clean", () => {
  it("says with --dry-run what would go, and removes it without", async () => {
    await pack();
    await bundle("run", "greet.bundle");
    const dry = await bundle("clean", "--max-bytes", "0", "--dry-run");
    expect(dry.out).toMatch(/would remove 1 packages/);
    expect(JSON.parse((await bundle("list", "--json")).out)).toMatchObject({ name: "greet", inUse: false });
    expect((await bundle("clean")).out).toMatch(/^removed 0 packages/);
    expect((await bundle("clean", "--older-than", "1ms", "--json")).out).toContain('"kept":0');
    expect((await bundle("list")).out).toBe("");
  });

  it("PW16: removes what a run left that was killed while it extracted", async () => {
    const size = 30_000_000;
    writeFileSync(bench().path("app/large"), Buffer.alloc(size, 7));
    await make();
    const env = { PATH: process.env.PATH, HOME: bench().home, CACHE_DIR: bench().dir, ...reader };
    const child = spawn(process.execPath, [BIN, "bundle", "run", "greet.bundle"], { cwd: bench().root, env });
    started.push(child);
    const ended = new Promise((resolve) => child.once("close", resolve));
    const made = () => existsSync(extracted("tmp")) && readdirSync(extracted("tmp")).length > 0;
    while (!made() && child.exitCode === null) await new Promise((resolve) => setImmediate(resolve));
    child.kill("SIGKILL");
    await ended;
    expect(readdirSync(extracted("packages"))).toEqual([]);
    expect(readdirSync(extracted("tmp"))).toHaveLength(1);
    expect(JSON.parse((await bundle("clean", "--json")).out)).toMatchObject({ removed: [], leftovers: 2 });
    expect([readdirSync(extracted("tmp")), readdirSync(extracted("leases"))]).toEqual([[], []]);
    expect((await bundle("run", "greet.bundle")).code).toBe(0);
  });
});

describe("cache bundle sign", () => {
  it("adds the signature of a further key, which counts where several are demanded, and nowhere else", async () => {
    await pack();
    const [second, stranger] = [pairText(), pairText()];
    const auditor = { CACHE_KEYRING: `${second.secret},${pair.public}` };
    const both = { CACHE_KEYRING: `${second.public},${pair.public}` };
    const demand = (...args: string[]) => bench().run(["bundle", ...args, "--threshold", "2"], { env: both });
    expect(await demand("verify", "greet.bundle")).toMatchObject({
      code: 3,
      err: expect.stringContaining("ERR_CACHE_UNSIGNED"),
    });
    expect((await demand("run", "greet.bundle")).code).toBe(3);

    const signed = await bench().run(["bundle", "sign", "greet.bundle", "--json"], { env: auditor });
    const { file, signedBy } = JSON.parse(signed.out);
    expect(file).toBe(`greet.bundle.${signedBy.slice(0, 8)}.sig`);
    expect(JSON.parse((await demand("verify", "greet.bundle", "--json")).out)).toMatchObject({
      cosignedBy: [signedBy],
    });
    expect((await demand("run", "greet.bundle", "--", "Ada")).out).toContain("hello Ada");

    const others = { CACHE_KEYRING: `${stranger.secret},${pair.public}` };
    await bench().run(["bundle", "sign", "greet.bundle", "-o", "other.sig"], { env: others });
    expect((await demand("verify", "greet.bundle", "--signature", "other.sig")).code).toBe(3);
    expect((await demand("verify", "greet.bundle", "--signature", file)).code).toBe(0);
    for (const args of [
      ["verify", "greet.bundle", "--threshold", "0"],
      ["verify", "greet.bundle", "--signature", file],
      ["verify", "greet.bundle", "--threshold", "2", "--signature", "missing"],
    ])
      expect((await bench().run(["bundle", ...args], { env: both })).code).toBeGreaterThan(1);
    expect((await bench().run(["bundle", "sign", "greet.bundle"], { env: both })).code).toBe(2);
  });
});
