import { execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { cosignBundle, createBundle, inspectCosignature } from "@cache/bundle";
import { fileStore } from "@cache/cas";
import { bytesCodec, createCache } from "@cache/core";
import { formatKey, SigningKey } from "@cache/core/keyring";
import { ed25519Signer } from "@cache/signer";
import { beforeEach, describe, expect, it } from "vitest";
import { BIN, type Ran, useBench } from "./cli.ts";
import { masterText, tracesOf } from "./keys.ts";

const bench = useBench();
const [maker, auditor, stranger] = [SigningKey.generate(), SigningKey.generate(), SigningKey.generate()];
const trusted = [maker.publicKey, auditor.publicKey];
const sign = ed25519Signer({ identity: maker });
const [makerText, auditorText] = [formatKey(maker), formatKey(auditor)];
const reading = trusted.map(formatKey).join(" ");

const at = (name: string): string => bench().path(name);
const write = (name: string, content: string | Uint8Array): void => writeFileSync(at(name), content, { mode: 0o600 });
const text = (name: string): string => readFileSync(at(name), "utf8");
const bundle = (keys: string, ...args: string[]): Promise<Ran> =>
  bench().run(["bundle", ...args], { env: { CACHE_KEYRING: keys } });
const refused = (code: number, ...messages: string[]) => ({
  ...{ code, out: "" },
  err: expect.stringMatching(new RegExp(messages.map((each) => each.replace(/[.()*[\]]/g, "\\$&")).join("[\\s\\S]*"))),
});

const content = new TextEncoder().encode("words");
const pack = (name = "t", more: object = {}) =>
  createBundle(at(`${name}.bundle`), [{ path: "words", content }], { name, sign, ...more });
const cosign = (key: SigningKey, more: object = {}) =>
  cosignBundle(at("t.bundle"), { name: "t", sign: ed25519Signer({ identity: key, trusted }), ...more });
const fill = async (value: Uint8Array = content, key = "answer") => {
  const cache = createCache({ store: fileStore(bench().dir), sign, codec: bytesCodec });
  await cache.set(key, value);
};

beforeEach(async () => {
  mkdirSync(at("app"));
  writeFileSync(at("app/words"), "words");
  await pack();
});

describe("what bundle sign, create and export write", () => {
  it("takes the place of no keyring, no other file, and for a signature not of the package", async () => {
    write("keys", `${auditorText}\n${formatKey(maker.publicKey)}\n`);
    write("notes", "precious");
    symlinkSync("keys", at("link"));
    const before = readFileSync(at("t.bundle"));
    const own = (...args: string[]) => bench().run(["bundle", ...args, "--keyring-file", "keys"]);
    const keys = "the place of a file of keys";
    const secret = { ...refused(2, keys), code: 2 };
    const runs = [
      [own("sign", "t.bundle", "-o", "keys"), secret],
      [own("create", "keys", "app"), secret],
      [own("export", "keys"), secret],
      [own("create", "link", "app"), secret],
      [own("sign", "t.bundle", "-o", "t.bundle"), refused(2, "something else in it")],
      [own("sign", "t.bundle", "-o", "notes"), refused(2, "something else in it")],
      [own("create", "notes", "app"), refused(4, "a file that is no package lies where")],
    ] as const;
    for (const [i, [ran, expected]] of runs.entries()) expect([i, await ran]).toMatchObject([i, expected]);
    await fill();
    write("answer", "precious");
    expect(await own("export", "answer")).toMatchObject(refused(4, "a file that is no package lies where"));
    expect([text("keys").startsWith(auditorText), text("notes"), text("answer")]).toEqual([
      true,
      "precious",
      "precious",
    ]);
    expect([statSync(at("keys")).mode & 0o777, readFileSync(at("t.bundle")).equals(before)]).toEqual([0o600, true]);

    write("t.bundle.old.sig", await cosign(auditor, { created: 1 }));
    expect(await own("sign", "t.bundle", "-o", "t.bundle.old.sig")).toMatchObject({ code: 0, err: "" });
    expect((await bundle(reading, "verify", "t.bundle", "--threshold", "2")).code).toBe(0);
    expect((await own("create", "t.bundle", "app")).code).toBe(0);
  });

  it("leaves the package that was there when nothing, or less than was asked for, is exported", async () => {
    await fill();
    expect((await bundle(makerText, "export", "e.bundle", "answer")).code).toBe(0);
    const before = readFileSync(at("e.bundle"));
    const mistyped = await bundle(makerText, "export", "e.bundle", "--dir", "s");
    expect(mistyped).toMatchObject(refused(2, "there is no cache in"));
    expect(await bundle(makerText, "export", "new.bundle", "--dir", "s")).toMatchObject({ code: 2 });
    for (const more of [["gone"], ["answer", "gone"], ["--prefix", "none"], ["--namespace", "none"]])
      expect(await bundle(makerText, "export", "e.bundle", ...more)).toMatchObject(refused(1, "no package was made"));
    const document = JSON.parse((await bundle(makerText, "export", "e.bundle", "gone", "--json")).out);
    expect([document.copied, document.missing, document.digest]).toEqual([0, 1, undefined]);
    expect(readFileSync(at("e.bundle")).equals(before)).toBe(true);
    expect(existsSync(at("new.bundle"))).toBe(false);
  });

  it("has neither the package before it nor what signs that, when they lie in what is packed", async () => {
    const create = async () => {
      const { code, err, out } = await bundle(makerText, "create", at("app/x.bundle"), "app", "--json");
      expect([code, err]).toEqual([0, ""]);
      return JSON.parse(out);
    };
    const { digest, members } = await create();
    writeFileSync(at("app/x.bundle.12345678.sig"), "signature");
    writeFileSync(at("app/.x.bundle.00000000-0000-0000-0000-000000000000.tmp"), "left by a process that was killed");
    expect([members, await create()]).toMatchObject([1, { digest, members: 1 }]);
    writeFileSync(at("app/y.bundle"), "another");
    expect((await create()).members).toBe(2);
  });

  it.skipIf(process.platform === "win32")("leaves nothing behind when it is stopped", async () => {
    // So much that it takes far longer than to see that it has begun.
    for (const key of ["answer", "b", "c"]) await fill(new Uint8Array(48_000_000), key);
    writeFileSync(at("app/large"), "");
    truncateSync(at("app/large"), 2 ** 30);
    mkdirSync(at("tmp"));
    for (const args of [
      ["create", "x.bundle", "app"],
      ["export", "x.bundle"],
    ]) {
      const env = { HOME: bench().home, CACHE_DIR: bench().dir, CACHE_KEYRING: makerText, TMPDIR: at("tmp") };
      const child = spawn(process.execPath, [BIN, "bundle", ...args], { cwd: bench().root, env });
      const ended = new Promise((resolve) => child.once("close", (_, signal) => resolve(signal)));
      const begun = () => readdirSync(bench().root).some((name) => name.startsWith(".x.bundle."));
      while (!begun() && child.exitCode === null) await new Promise((resolve) => setImmediate(resolve));
      child.kill("SIGTERM");
      expect([args, await ended]).toEqual([args, "SIGTERM"]);
      expect(readdirSync(at("tmp"))).toEqual([]);
      expect(readdirSync(bench().root).sort()).toEqual(["app", "store", "t.bundle", "tmp"]);
    }
  });
});

describe("signatures beside a package", () => {
  it.skipIf(process.platform === "win32")("count whatever else lies there, and what is left out is named", async () => {
    write("t.bundle.good.sig", await cosign(auditor));
    execFileSync("mkfifo", [at("t.bundle.fifo.sig")]);
    mkdirSync(at("t.bundle.folder.sig"));
    symlinkSync("nowhere", at("t.bundle.link.sig"));
    write("t.bundle.large.sig", new Uint8Array(20_000));
    for (let i = 0; i < 70; i++) write(`t.bundle.${i}.sig`, "");
    for (let i = 0; i < 70; i++) write(`t.bundle.copy${i}.sig`, readFileSync(at("t.bundle.good.sig")));
    const ran = await bundle(reading, "verify", "t.bundle", "--threshold", "2");
    expect([ran.code, ran.out.split("\n", 1)]).toEqual([0, [expect.stringContaining("holds, at level standard")]]);
    for (const name of ["fifo", "folder", "link", "large", "7"])
      expect(ran.err).toContain(`cache: t.bundle.${name}.sig is left out: `);
    expect(ran.err.trim().split("\n")).toHaveLength(74);
    expect(ran.err).not.toContain("good.sig");
  });

  it("that are named have to be there and to be files, and a message says which one", async () => {
    mkdirSync(at("folder"));
    write("large", new Uint8Array(20_000));
    const demand = (signature: string) =>
      bundle(reading, "verify", "t.bundle", "--threshold", "2", "--signature", signature);
    expect(await demand("nope")).toMatchObject(refused(2, "there is no file nope (ERR_CACHE_USAGE)"));
    expect(await demand("folder")).toMatchObject(
      refused(4, "folder: it is not a regular file (ERR_CACHE_UNSAFE_PATH)"),
    );
    expect(await demand("large")).toMatchObject(refused(3, "large: the file is larger than is allowed"));
  });

  it("are told of one by one when they are too few, with the reason", async () => {
    write("t.bundle.a.sig", await cosign(auditor, { created: 1, expires: 2, now: () => 1 }));
    write("t.bundle.b.sig", await cosign(stranger));
    await pack("t", { sequence: 1 });
    write("t.bundle.c.sig", await cosign(auditor));
    await pack();
    const ran = await bundle(reading, "verify", "t.bundle", "--threshold", "2");
    expect(ran).toMatchObject(
      refused(
        3,
        "t.bundle.a.sig does not count: it has expired (ERR_CACHE_EXPIRED)",
        "t.bundle.b.sig does not count: the record is not by a key this reader believes (ERR_CACHE_UNKNOWN_KEY)",
        "t.bundle.c.sig does not count: it is about another package (ERR_CACHE_AUTH)",
        "and 1 did (ERR_CACHE_UNSIGNED)",
      ),
    );
    write("t.bundle.d.sig", await cosign(auditor));
    expect(await bundle(reading, "verify", "t.bundle", "--threshold", "2")).toMatchObject({ code: 0, err: "" });
  });
});

describe("cache bundle", () => {
  it("signs until the time of --ttl", async () => {
    const keys = `${auditorText} ${formatKey(maker.publicKey)}`;
    const signed = JSON.parse((await bundle(keys, "sign", "t.bundle", "--ttl", "30d", "--json")).out);
    const { created, expires = 0 } = inspectCosignature(readFileSync(at(signed.file)));
    expect([expires - created, signed.expires]).toEqual([30 * 86_400_000, expires]);
    expect((await bundle(reading, "verify", "t.bundle", "--threshold", "2")).code).toBe(0);
  });

  it("signs with no shared key", async () => {
    const master = masterText();
    await bundle(master, "create", "m.bundle", "app");
    const ran = await bundle(master, "sign", "m.bundle");
    expect(ran).toMatchObject(refused(2, "signed by an Ed25519 key"));
    expect(readdirSync(bench().root).filter((name) => name.endsWith(".sig"))).toEqual([]);
  });

  it("refuses options that an action has no use for", async () => {
    const runs = [
      ["sign", "t.bundle", "--sequence", "1"],
      ["sign", "t.bundle", "--release", "1"],
      ["sign", "t.bundle", "--overwrite"],
      ["import", "t.bundle", "--level", "bogus"],
      ["extract", "t.bundle", "out", "--level", "paranoid"],
      ["inspect", "t.bundle", "--threshold", "2"],
      ["create", "x.bundle", "app", "--threshold", "2"],
      ["export", "x.bundle", "--threshold", "2"],
      ["clean", "--name", "t"],
    ];
    const ran = await Promise.all(runs.map((args) => bundle(makerText, ...args)));
    for (const [i, args = []] of runs.entries())
      expect(ran[i]).toMatchObject(refused(2, ` is no option of bundle ${args[0]} (ERR_CACHE_USAGE)`));
  });

  it("prints no secret key that stands where a name or a path belongs, and packs none", async () => {
    const secret = formatKey(stranger);
    for (const args of [
      ["create", secret, "app"],
      ["export", secret],
      ["extract", "t.bundle", secret],
      ["create", "x.bundle", "app", "--name", secret],
      ["create", "x.bundle", "app", "--writer", secret],
      ["create", "x.bundle", "app", "--release", `v${secret}`],
      ["create", "x.bundle", "app", "--command", "words", "--set", `TOKEN=${secret}`],
      ["create", "x.bundle", "app", "--namespace", secret],
    ])
      expect([args, await bundle(makerText, ...args)]).toMatchObject([args, refused(2, "(ERR_CACHE_USAGE)")]);
    for (const trace of tracesOf(secret)) expect(bench().printed).not.toContain(trace);
    expect(readdirSync(bench().root).sort()).toEqual(["app", "t.bundle"]);
  });

  it("says to programs of a package that is not there that it is missing", async () => {
    const gone = await bundle(makerText, "verify", "gone.bundle", "--json");
    expect([gone.code, JSON.parse(gone.out)]).toEqual([
      2,
      { state: "missing", level: "standard", code: "ERR_CACHE_USAGE" },
    ]);
  });
});
