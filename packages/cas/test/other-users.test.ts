import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { newBase } from "./directories.ts";
import { Installed } from "./installed.ts";

const [VICTIM, ATTACKER] = [23456, 12345];
const isRoot = process.geteuid?.() === 0;
if (!isRoot) console.log("left out: what other users can do, since only root can become them");

/** Where both may make what they like and, as in `/tmp`, neither can take what is the other's. */
function shared(mode = 0o1777): string {
  const base = realpathSync(newBase());
  chmodSync(base, mode);
  for (const [name, uid] of [
    ["victim", VICTIM],
    ["attacker", ATTACKER],
  ] as const) {
    mkdirSync(join(base, name), { mode: 0o700 });
    chownSync(join(base, name), uid, uid);
  }
  return base;
}

const COMMON = `
  import { closeSync, constants, existsSync, linkSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, chmodSync, writeFileSync } from "node:fs";
  import { createCache } from "@cache/core";
  import { auditLog } from "@cache/core/audit";
  import { readKeyringFile } from "@cache/core/keyring-file";
  import { verifyStore } from "@cache/core/maintenance";
  import { monotonicStore } from "@cache/cas";
  process.umask(0);
  const [base] = args;
  const path = base + "/store";
  const outcome = async (call) => { try { return await call(); } catch (error) { return error.code ?? error.message; } };
  const say = (value) => console.log(JSON.stringify(value ?? null));
  const name = "blobs/" + "ab".repeat(32);
  const scope = new Uint8Array(32);
`;

describe.runIf(isRoot)("another user", () => {
  const programs = new Installed();

  async function as(uid: number, base: string, program: string): Promise<unknown> {
    const { out, err } = await programs.run(COMMON + program, { args: [base], uid });
    if (err !== "") throw new Error(err);
    return out === "" ? undefined : JSON.parse(out);
  }

  const EVERY_CALL = `
    const store = fileStore(path);
    const memory = monotonicStore(path);
    const calls = [
      () => store.get(name), () => store.put(name, new Uint8Array(3)), () => store.delete(name), () => store.stat(name),
      async () => { for await (const _ of store.list("blobs")); }, () => store.maintenance.sweepTemporary(),
      () => createCache({ store }).set("a", 1), () => createCache({ store }).getOrSet("a", () => 1),
      () => memory.get(scope), () => memory.advance(scope, { sequence: 1, digest: new Uint8Array(32) }),
    ];
    const codes = new Set();
    for (const call of calls) codes.add(await outcome(call));
    say([...codes]);`;

  it.each([
    ["a directory of their own", "mkdirSync(path, 0o700)"],
    ["a directory for all", "mkdirSync(path, 0o777); chmodSync(path, 0o777)"],
    [
      "a directory that holds a whole store",
      `await fileStore(path).put(name, new Uint8Array(3)); chmodSync(path, 0o777)`,
    ],
    ["a file", `writeFileSync(path, "")`],
    ["a link to a directory of theirs", `chmodSync(base + "/attacker", 0o777); symlinkSync(base + "/attacker", path)`],
    ["a link to a directory of ours", `symlinkSync(base + "/victim", path)`],
    ["a link to what is not there", `symlinkSync(base + "/victim/none", path)`],
    ["a link in a circle", `symlinkSync(path, path)`],
  ])("who plants %s in our path is refused by every call, and nothing is made there", async (_, plant) => {
    const base = shared();
    await as(ATTACKER, base, plant);
    const before = execFileSync("find", [base, "-printf", "%p %m %U %s\n"], { encoding: "utf8" });
    expect(await as(VICTIM, base, EVERY_CALL)).toEqual(["ERR_CACHE_UNSAFE_PATH"]);
    expect(execFileSync("find", [base, "-printf", "%p %m %U %s\n"], { encoding: "utf8" })).toBe(before);
  });

  it("who plants a link among the parents of our path reads nothing of ours, and nothing of theirs is believed", async () => {
    const base = shared();
    await as(ATTACKER, base, `chmodSync(base + "/attacker", 0o777); symlinkSync(base + "/attacker", base + "/link");`);
    const use = `say(await outcome(async () => { const cache = createCache({ store: fileStore(base + "/link/store") }); await cache.set("a", 1); return cache.get("a"); }));`;
    // Where the system follows such links the store is made behind it, and is the victim's alone.
    expect([1, "ERR_CACHE_STORE"]).toContain(await as(VICTIM, base, use));
    const seen = await as(
      ATTACKER,
      base,
      `say(existsSync(base + "/attacker/store") ? await outcome(() => readdirSync(base + "/attacker/store")) : "EACCES")`,
    );
    expect(seen).toBe("EACCES");
    await as(
      ATTACKER,
      base,
      `rmSync(base + "/attacker/old", { recursive: true, force: true });
       if (existsSync(base + "/attacker/store")) renameSync(base + "/attacker/store", base + "/attacker/old");
       mkdirSync(base + "/attacker/store", { mode: 0o777 }); chmodSync(base + "/attacker/store", 0o777);`,
    );
    expect(["ERR_CACHE_UNSAFE_PATH", "ERR_CACHE_STORE"]).toContain(await as(VICTIM, base, use));
  });

  it("can neither read, change, remove nor replace our store beside theirs in a directory for all", async () => {
    const base = shared();
    const value = `"x".repeat(80_000)`;
    await as(VICTIM, base, `const cache = createCache({ store: fileStore(path) }); await cache.set("a", ${value});`);
    // A directory that was there, and that all may look into, gives no more away.
    chmodSync(join(base, "store"), 0o755);
    const file = readdirSync(join(base, "store", "v1", "blobs"), { recursive: true, encoding: "utf8" }).find((each) =>
      /[0-9a-f]{64}$/.test(each),
    );
    const told = await as(
      ATTACKER,
      base,
      `const file = path + "/v1/blobs/${file}";
       const codes = {};
       for (const [what, call] of Object.entries({
         list: () => readdirSync(path + "/v1"), read: () => readFileSync(file), write: () => writeFileSync(file, "x"),
         link: () => linkSync(file, base + "/attacker/file"), remove: () => rmSync(path, { recursive: true }),
         replace: () => renameSync(path, base + "/attacker/store"), open: () => chmodSync(path, 0o777),
         plant: () => writeFileSync(path + "/v1/tmp/planted", ""), use: () => fileStore(path).get(name),
         put: () => fileStore(path).put(name, new Uint8Array(3)),
       })) codes[what] = await outcome(call);
       say(codes);`,
    );
    expect(told).toEqual({
      ...{ list: "EACCES", read: "EACCES", write: "EACCES", link: "EACCES", plant: "EACCES", open: "EPERM" },
      remove: expect.stringMatching(/^E(ACCES|PERM|NOTEMPTY)$/),
      replace: expect.stringMatching(/^E(ACCES|PERM)$/),
      ...{ use: "ERR_CACHE_UNSAFE_PATH", put: "ERR_CACHE_UNSAFE_PATH" },
    });
    const whole = `say((await createCache({ store: fileStore(path) }).get("a")) === ${value});`;
    expect(await as(VICTIM, base, whole)).toBe(true);
  });

  it.each([0o777, 0o775])(
    "who may write to the parent, of mode %o, and puts a store of theirs in the place of one in use is found out",
    async (mode) => {
      const base = shared(mode);
      if (mode === 0o775) chownSync(base, VICTIM, ATTACKER);
      const victim = programs.start(
        `${COMMON}
         const store = fileStore(path);
         const memory = monotonicStore(base + "/state");
         await store.put(name, new Uint8Array(3).fill(1));
         await memory.advance(scope, { sequence: 5, digest: new Uint8Array(32) });
         await memory.get(scope);
         console.log("ready");
         while (!existsSync(base + "/swapped")) await new Promise((resolve) => setTimeout(resolve, 5));
         const now = Date.now;
         Date.now = () => now() + 2000;
         say([
           await outcome(() => store.get(name)), await outcome(() => store.put(name, new Uint8Array(3))),
           await outcome(() => memory.get(scope)), await outcome(() => memory.advance(scope, { sequence: 3, digest: new Uint8Array(32) })),
         ]);`,
        { args: [base], uid: VICTIM },
      );
      await victim.lines(1);
      await as(
        ATTACKER,
        base,
        `for (const each of ["store", "state"]) renameSync(base + "/" + each, base + "/" + each + "-old");
         await fileStore(path).put(name, new Uint8Array(3).fill(2));
         await monotonicStore(base + "/state").advance(scope, { sequence: 2, digest: new Uint8Array(32) });
         const open = (each) => { chmodSync(each, 0o755); for (const inner of readdirSync(each, { withFileTypes: true })) if (inner.isDirectory()) open(each + "/" + inner.name); };
         for (const each of ["store", "state"]) open(base + "/" + each);
         writeFileSync(base + "/swapped", "");`,
      );
      const { out, err } = await victim.ended;
      expect(err).toBe("");
      expect(JSON.parse(out.split("\n")[1] as string)).toEqual(Array(4).fill("ERR_CACHE_UNSAFE_PATH"));
    },
  );

  it("whose file was linked into our store is not believed, and nothing is written to it", async () => {
    const base = shared();
    const made = await as(
      VICTIM,
      base,
      `const store = fileStore(path); const cache = createCache({ store }); await cache.set("a", "x".repeat(80_000));
       say(readdirSync(path + "/v1/blobs", { recursive: true }).find((each) => /[0-9a-f]{64}$/.test(each)));`,
    );
    const value = join(base, "store", "v1", "blobs", made as string);
    const theirs = join(base, "attacker", "file");
    // As it was planted when the directories were open to others.
    await as(
      ATTACKER,
      base,
      `writeFileSync(base + "/attacker/file", "forged"); chmodSync(base + "/attacker/file", 0o666);`,
    );
    execFileSync("ln", ["-f", theirs, value]);
    const read = `const store = fileStore(path); const cache = createCache({ store });`;
    expect(
      await as(VICTIM, base, `${read} say([await cache.get("a") ?? null, (await verifyStore({ store })).missing]);`),
    ).toEqual([null, 1]);
    execFileSync("ln", ["-f", theirs, value]);
    expect(
      await as(VICTIM, base, `${read} await cache.set("a", "x".repeat(80_000)); say((await cache.get("a")).length);`),
    ).toBe(80_000);
    await as(ATTACKER, base, `writeFileSync(base + "/attacker/file", "forged again");`);
    expect(await as(VICTIM, base, `${read} say((await cache.get("a")).length);`)).toBe(80_000);
    expect(readFileSync(theirs, "utf8")).toBe("forged again");
    expect(lstatSync(value).uid).toBe(VICTIM);
  });

  it("who links a file of ours to the place of a value has it neither overwritten, opened to others nor lost", async () => {
    const base = shared();
    const secret = join(base, "victim", "secret");
    writeFileSync(secret, "a secret", { mode: 0o600 });
    chownSync(secret, VICTIM, VICTIM);
    await as(VICTIM, base, `await fileStore(path).put(name, new Uint8Array(3));`);
    const value = join(base, "store", "v1", "blobs", "ab", "ab".repeat(32));
    const plant = () => execFileSync("ln", ["-f", secret, value]);
    for (const call of [
      `await store.put(name, new Uint8Array(3))`,
      `await store.delete(name)`,
      `await store.delete(name, { quarantine: true }); await store.maintenance.purgeQuarantine()`,
      `await fileStore(path, { maxBytes: "1GB" }).get(name)`,
      `await createCache({ store }).blobs.get(name.slice(6))`,
    ]) {
      plant();
      await as(VICTIM, base, `const store = fileStore(path); ${call};`);
      expect([call, readFileSync(secret, "utf8"), lstatSync(secret).mode & 0o777]).toEqual([call, "a secret", 0o600]);
    }
  });

  it("who owns a directory within our store has every call refused by its name", async () => {
    const base = shared();
    await as(VICTIM, base, `await fileStore(path).put(name, new Uint8Array(3));`);
    for (const inner of ["v1", "v1/tmp", "v1/blobs", "v1/quarantine", "v1/blobs/ab"]) {
      chownSync(join(base, "store", inner), ATTACKER, ATTACKER);
      chmodSync(join(base, "store", inner), 0o755);
      const told = await as(
        VICTIM,
        base,
        `const store = fileStore(path); const codes = new Set();
         for (const call of [() => store.get(name), () => store.put(name, new Uint8Array(3)), () => store.delete(name)]) codes.add(await outcome(call));
         say([...codes]);`,
      );
      expect([inner, told]).toEqual([inner, ["ERR_CACHE_UNSAFE_PATH"]]);
      chownSync(join(base, "store", inner), VICTIM, VICTIM);
      chmodSync(join(base, "store", inner), 0o700);
    }
  });

  it("who plants what looks like a left-over of a killed process has nothing of ours removed", async () => {
    const base = shared();
    await as(
      VICTIM,
      base,
      `mkdirSync(base + "/victim/precious"); writeFileSync(base + "/victim/precious/file", "precious");`,
    );
    await as(
      ATTACKER,
      base,
      `symlinkSync(base + "/victim/precious", base + "/cache-ephemeral-aaaaaa");
       mkdirSync(base + "/cache-ephemeral-bbbbbb"); symlinkSync(base + "/victim/precious", base + "/cache-ephemeral-bbbbbb/store");
       writeFileSync(base + "/cache-ephemeral-cccccc", "");`,
    );
    const told = await as(
      VICTIM,
      base,
      `const store = await ephemeralStore({ parent: base }); await store.put(name, new Uint8Array(3));
       say([(await store.get(name)).length, readdirSync(base + "/victim/precious")]); await store.close();`,
    );
    expect(told).toEqual([3, ["file"]]);
    expect(readdirSync(base).filter((each) => each.startsWith("cache-ephemeral-"))).toHaveLength(3);
  });

  it("who plants an audit log or a keyring file has nothing written to it and no key believed", async () => {
    const base = shared();
    const plants = [
      `writeFileSync(base + "/log", "", { mode: 0o666 })`,
      `symlinkSync(base + "/victim/file", base + "/log")`,
      `mkdirSync(base + "/log")`,
    ];
    writeFileSync(join(base, "victim", "file"), "precious");
    chownSync(join(base, "victim", "file"), VICTIM, VICTIM);
    for (const plant of plants) {
      await as(ATTACKER, base, `rmSync(base + "/log", { recursive: true, force: true }); ${plant};`);
      const told = await as(VICTIM, base, `say(await outcome(() => auditLog(base + "/log", { level: "info" })));`);
      // A system that protects links in such directories answers EACCES before anybody can look.
      expect(told).toMatch(/^ERR_CACHE_(UNSAFE_PATH|STORE)$/);
      expect(readFileSync(join(base, "victim", "file"), "utf8")).toBe("precious");
    }
    const key = `"cachek1.master.none"`;
    await as(ATTACKER, base, `writeFileSync(base + "/keyring", ${key}, { mode: 0o644 });`);
    expect(await as(VICTIM, base, `say(await outcome(() => readKeyringFile(base + "/keyring")));`)).toBe(
      "ERR_CACHE_KEY_PERMISSIONS",
    );
  });
});
