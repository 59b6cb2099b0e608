import {
  appendFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Signer } from "@cache/core";
import { crypto } from "@cache/core/crypto";
import { Keyring, MasterKey } from "@cache/core/keyring";
import { encodeRecord, RecordKind, recordLength } from "@cache/core/record";
import { ed25519Signer, hmacSigner } from "@cache/signer";
import { describe, expect, it, vi } from "vitest";
import { createBundle, inspectBundle, type Level, verifyBundle } from "../src/index.ts";
import { encodeManifest, type Member } from "../src/manifest/manifest.ts";
import { identity, MEMBERS, maker, master, noise, reader, stranger, TRUSTED, text, useBench } from "./bench.ts";

const bench = useBench();
const LEVELS: readonly Level[] = ["quick", "standard", "deep", "paranoid"];

const verify = (level: Level = "standard", more: object = {}) =>
  verifyBundle(bench().file, { ...TRUSTED, level, ...more });
const code = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (reason: { code?: string }) => reason,
  );
  return error?.code;
};

/** A package as somebody writes it who signs what they like. */
async function forged(
  members: readonly Member[],
  contents: readonly Uint8Array[],
  sign: Signer = maker,
  more: object = {},
) {
  return await written(encodeManifest(members), contents, sign, more);
}

async function written(manifest: Uint8Array, contents: readonly Uint8Array[], sign: Signer, more: object = {}) {
  const facts = { created: 0, expires: 0, sequence: 0, size: manifest.length, digest: crypto.sha256(manifest) };
  const names = { namespace: "", key: text("tool"), writer: "", metadata: new Uint8Array(0) };
  const record = await encodeRecord({ kind: RecordKind.packageManifest, ...facts, ...names, ...more }, sign, manifest);
  bench().put(new Uint8Array(Buffer.concat([record, ...contents])));
}

const file = (path: string, content: Uint8Array, more: Partial<Member> = {}): Member => ({
  ...{ path, type: "file", mode: 0o644, size: content.length, digest: crypto.sha256(content) },
  ...more,
});

describe("a package", () => {
  it.each(LEVELS)("that holds is described at level %s", async (level) => {
    await bench().make({ version: "1.2.3", writer: "ci", compression: "brotli" });
    const found = await verify(level);
    expect(found).toMatchObject({
      name: "tool",
      namespace: "",
      version: "1.2.3",
      writer: "ci",
      trust: "signed",
      created: 0,
    });
    expect(found.signedBy).toBe(Buffer.from(identity.id).toString("hex"));
    expect(found.members.map(({ path }) => path)).toEqual([
      "bin/tool",
      "data/noise",
      "data/none",
      "data/words",
      "empty",
    ]);
    expect(found.members[0]).toMatchObject({ mode: 0o755, purpose: "code", size: 20 });
    expect(found.members[3]).toMatchObject({ size: 100_000, compression: "brotli" });
    expect(found.members[3]?.storedSize).toBeLessThan(1000);
    expect(found.members[1]?.compression).toBeUndefined();
    expect(found.members[2]).toMatchObject({ type: "directory", size: 0, digest: undefined });
    expect(found.fileSize).toBe(bench().bytes().length);
  });

  it.each(["none", "brotli"] as const)(
    "is the same bytes for the same members, in whatever order (%s)",
    async (compression) => {
      const first = await bench().make({ compression });
      expect(Buffer.compare(await bench().make({ compression }, [...MEMBERS].reverse()), first)).toBe(0);
      expect(bench().names()).toEqual(["tool.bundle"]);
    },
  );

  it("that nobody signed is integrity-only, and refused by whoever believes somebody", async () => {
    await bench().make({ sign: undefined });
    expect(await verify("deep", { sign: undefined })).toMatchObject({ trust: "integrity-only", signedBy: undefined });
    expect(await code(verify())).toBe("ERR_CACHE_UNKNOWN_KEY");
  });

  it("PW2: signed by a stranger is refused, and a signed one is never taken for one that nobody signed", async () => {
    await bench().make({ sign: ed25519Signer({ identity: stranger }) });
    for (const level of LEVELS) expect(await code(verify(level))).toBe("ERR_CACHE_UNKNOWN_KEY");
    expect(await code(verify("quick", { sign: undefined }))).toBe("ERR_CACHE_UNKNOWN_KEY");
  });

  it("is verified with a shared key as well, and not with another", async () => {
    await bench().make({ sign: hmacSigner(Keyring.of(master)) });
    expect(await verify("standard", { sign: hmacSigner(Keyring.of(master)) })).toMatchObject({ trust: "signed" });
    expect(await code(verify("quick", { sign: hmacSigner(Keyring.of(MasterKey.generate())) }))).toBe(
      "ERR_CACHE_UNKNOWN_KEY",
    );
  });

  it("put in the place of another is refused by its name, and by its namespace", async () => {
    await bench().make();
    expect(await code(verify("quick", { name: "other" }))).toBe("ERR_CACHE_AUTH");
    expect(await code(verify("quick", { namespace: "other" }))).toBe("ERR_CACHE_AUTH");
    for (const wrong of [{ name: undefined }, { name: 7 }, { name: "" }, { namespace: 7 }])
      await expect(verifyBundle(bench().file, { ...TRUSTED, ...wrong } as never)).rejects.toThrow(/is text/);
  });

  it("has a time, and is refused before and after it", async () => {
    await bench().make({ created: 1_000_000, expires: 2_000_000 });
    expect(await code(verify("quick", { now: () => 699_999 }))).toBe("ERR_CACHE_NOT_YET_VALID");
    expect(await verify("quick", { now: () => 1_999_999 })).toMatchObject({ created: 1_000_000, expires: 2_000_000 });
    expect(await code(verify("quick", { now: () => 2_000_000 }))).toBe("ERR_CACHE_EXPIRED");
  });

  it("PW3: a level that is none is a TypeError, and no level goes on after a failure", async () => {
    const bytes = await bench().make();
    for (const level of ["Standard", "strict", "none", "", "relaxed", "minimal", null])
      await expect(verify(level as Level)).rejects.toThrow(TypeError);
    bytes[40] = (bytes[40] as number) ^ 1;
    bench().put(bytes);
    for (const level of LEVELS) expect(await code(verify(level))).toBe("ERR_CACHE_AUTH");
    bench().put(noise(9000));
    for (const level of LEVELS) expect(await code(verify(level))).toBe("ERR_CACHE_FORMAT");
  });

  it("an option that is none is refused", async () => {
    await bench().make();
    await expect(verify("quick", { verify: false })).rejects.toThrow(/verifyBundle has no option/);
  });

  it("claims are shown without keys, and called unverified", async () => {
    await bench().make({ version: "2" });
    const claimed = await inspectBundle(bench().file);
    expect(claimed).toMatchObject({ name: "tool", version: "2", trust: "unverified" });
    expect(claimed.claimedKey).toBe(Buffer.from(identity.id).toString("hex"));
    await bench().make({ sign: undefined });
    expect((await inspectBundle(bench().file)).claimedKey).toBeUndefined();
  });

  it("that is no file is refused at once", async () => {
    expect(await code(verify())).toBe("ERR_CACHE_STORE");
    mkdirSync(bench().file);
    expect(await code(verify())).toBe("ERR_CACHE_FORMAT");
  });

  it("without a description, with directories only mentioned in paths, holds as the format says", async () => {
    const content = text("x");
    await forged([file("a/b/c", content)], [content]);
    expect(await verify("paranoid")).toMatchObject({ version: undefined, members: [{ path: "a/b/c" }] });
  });
});

describe("M65: a package", () => {
  it("M65: with any one byte altered is refused, or its contents are at a level that reads them", async () => {
    const bytes = await bench().make({}, [{ path: "run", content: text("#!/bin/sh\n"), mode: 0o755 }]);
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at] = (changed[at] as number) ^ 0x20;
      bench().put(changed);
      expect(await code(verify()), `byte ${at}`).toMatch(/^ERR_CACHE_/);
    }
  });

  it("M65: PW1: with a member and its digest altered is refused: whoever changes the digest breaks the proof", async () => {
    const bytes = await bench().make();
    const at = Buffer.from(bytes).indexOf("echo tool");
    bytes.set(text("echo evil"), at);
    const [old, made] = [crypto.sha256(text("#!/bin/sh\necho tool\n")), crypto.sha256(text("#!/bin/sh\necho evil\n"))];
    bench().put(bytes);
    expect(await code(verify())).toBe("ERR_CACHE_AUTH");
    expect(await verify("quick")).toMatchObject({ name: "tool" });
    bytes.set(made, Buffer.from(bytes).indexOf(old));
    bench().put(bytes);
    for (const level of LEVELS) expect(await code(verify(level))).toBe("ERR_CACHE_AUTH");
  });

  it("M65: with a byte or a whole package behind it, or cut anywhere, is refused at every level", async () => {
    const bytes = await bench().make({}, [{ path: "run", content: noise(50) }]);
    for (const more of [Uint8Array.of(0), bytes]) {
      bench().put(new Uint8Array([...bytes, ...more]));
      for (const level of LEVELS) expect(await code(verify(level))).toBe("ERR_CACHE_FORMAT");
    }
    for (let length = bytes.length - 1; length >= 0; length--) {
      bench().put(bytes.slice(0, length));
      expect(await code(verify("quick")), `${length} bytes`).toBe("ERR_CACHE_FORMAT");
    }
  });

  it("M65: that states fewer members than lie in it is refused, though it is signed", async () => {
    const [a, b] = [text("a"), text("b")];
    await forged([file("a", a)], [a, b]);
    expect(await code(verify("quick"))).toBe("ERR_CACHE_FORMAT");
    await forged([file("a", a), file("b", b)], [a]);
    expect(await code(verify("quick"))).toBe("ERR_CACHE_FORMAT");
    await forged([file("a", a), file("b", b)], [b, a]);
    expect(await code(verify("quick"))).toBeUndefined();
    expect(await code(verify("standard"))).toBe("ERR_CACHE_AUTH");
  });

  it("M65: a record that is signed as an entry is no package", async () => {
    await forged([file("a", text("a"))], [text("a")], maker, { kind: RecordKind.entry });
    expect(await code(verify("quick"))).toBe("ERR_CACHE_AUTH");
  });

  it("M65: sizes that no file has ask for no memory", async () => {
    await written(encodeManifest([file("a", text("a"), { size: Number.MAX_SAFE_INTEGER })]), [], maker);
    expect(await code(verify("quick"))).toBe("ERR_CACHE_FORMAT");
    await written(encodeManifest([file("a", text("a"))]), [text("a")], maker, { size: 2 ** 40 });
    expect(await code(verify("quick"))).toBe("ERR_CACHE_LIMIT");
  });

  it("M65: a reserved path without a meaning, and a description that its members contradict, are refused", async () => {
    const about = (words: string) => text(`{"format":"cache-bundle","version":1,${words}}\n`);
    const [a] = [text("a")];
    for (const [path, content] of [
      [".bundle/launcher", a],
      [".bundle", a],
      [".bundle/about.json", text("{}")],
      [".bundle/about.json", about('"launch":{"command":"missing"}')],
      [".bundle/about.json", about('"launch":{"command":"a"}')],
      [".bundle/about.json", about('"launch":{"command":".bundle/about.json"}')],
      [".bundle/about.json", about('"members":[{"path":".bundle/about.json","purpose":"code"}]')],
      [".bundle/about.json", about('"members":[{"path":"b","purpose":"code"}]')],
      [".bundle/about.json", about('"members":[{"path":"a"}]')],
      [".bundle/about.json", about('"members":[{"path":"a","purpose":"code"},{"path":"a","purpose":"data"}]')],
    ] as const) {
      await forged([file(path, content), file("a", a)], [content, a]);
      expect(await code(verify("quick")), String(Buffer.from(content))).toBe("ERR_CACHE_FORMAT");
    }
  });

  it("a package of entries that holds, or says, anything else is refused", async () => {
    const digits = "0a".repeat(32);
    const saying = (words: string) => text(`{"format":"cache-bundle","version":1,"contents":${words}}\n`);
    const [sealed, plain] = ['"sealed-entries"', '"entries"'];
    const note = (path: string) => `,"members":[{"path":"${path}","purpose":"data"}]`;
    const tried = async (words: string, path: string, more: Partial<Member> = {}) => {
      const [about, stored] = [saying(words), text(more.type === "directory" ? "" : "a")];
      const other = { ...file(path, stored), ...more };
      await forged([file(".bundle/about.json", about), other], [about, stored]);
      return await code(verify("quick"));
    };
    expect(await tried(sealed, `notes/${digits}`)).toBeUndefined();
    expect(await tried(plain, `entries/${digits}`)).toBeUndefined();
    for (const [words, path] of [
      [plain, `notes/${digits}`],
      [plain, "words"],
      [sealed, `entries/${digits}0`],
      [sealed, `entries/${digits.toUpperCase()}`],
      [sealed, `keys/${digits}`],
      [sealed, `a/entries/${digits}`],
      [plain + note(`entries/${digits}`), `entries/${digits}`],
      [`${plain},"launch":{"command":"entries/${digits}"}`, `entries/${digits}`],
    ] as const) {
      expect([words, path, await tried(words, path, { mode: 0o755 })]).toEqual([words, path, "ERR_CACHE_FORMAT"]);
    }
    const directory = { type: "directory", size: 0, digest: new Uint8Array(32) } as const;
    expect(await tried(plain, `entries/${digits}`, directory)).toBe("ERR_CACHE_FORMAT");
  });

  it("M65: a description that was altered is refused at every level, also where its own rules still hold", async () => {
    const bytes = await bench().make({ version: "1.0" });
    const at = Buffer.from(bytes).indexOf('"1.0"');
    bytes.set(text('"6.0"'), at);
    bench().put(bytes);
    for (const level of LEVELS) expect(await code(verify(level))).toBe("ERR_CACHE_AUTH");
    const size = 33_554_433;
    await forged([file(".bundle/about.json", new Uint8Array(0), { size })], [new Uint8Array(size)]);
    expect(await code(verify("quick"))).toBe("ERR_CACHE_LIMIT");
  });

  it("M65: a directory that is called compressed, and a reserved command that may be executed, are refused", async () => {
    const digest = "0".repeat(64);
    const note = `{"path":"d","compressed":{"algorithm":"brotli","size":0,"digest":"${digest}"}}`;
    const folder: Member = { path: "d", type: "directory", mode: 0o755, size: 0, digest: new Uint8Array(32) };
    const first = text(`{"format":"cache-bundle","version":1,"members":[${note}]}\n`);
    await forged([file(".bundle/about.json", first), folder], [first]);
    expect(await code(verify("quick"))).toBe("ERR_CACHE_FORMAT");
    const second = text('{"format":"cache-bundle","version":1,"launch":{"command":".bundle/about.json"}}\n');
    await forged([file(".bundle/about.json", second, { mode: 0o755 })], [second]);
    expect(await code(verify("quick"))).toBe("ERR_CACHE_FORMAT");
  });

  it("M65: that became shorter while it was read is refused", async () => {
    await bench().make({}, [{ path: "big", content: noise(2_000_000) }]);
    const onProgress = ({ bytes }: { bytes: number }) => {
      if (bytes > 500_000) truncateSync(bench().file, 600_000);
    };
    expect(await code(verify("standard", { onProgress }))).toBe("ERR_CACHE_AUTH");
  });
});

describe("a package at level paranoid", () => {
  /** Verifies it, and puts other bytes in its place as soon as the first were read. */
  async function replacedBy(change: (bytes: Uint8Array) => Uint8Array) {
    const bytes = await bench().make();
    let replaced = false;
    const onProgress = () => {
      if (replaced) return;
      replaced = true;
      writeFileSync(bench().path("other"), change(bytes));
      // The old file stays open, and whole.
      renameSync(bench().path("other"), bench().file);
    };
    return await code(verify("paranoid", { onProgress }));
  }

  it("is read a second time from its path: other bytes there are refused, and so are more", async () => {
    expect(await replacedBy((bytes) => bytes)).toBeUndefined();
    expect(await replacedBy((bytes) => bytes.with(-1, (bytes.at(-1) as number) ^ 1))).toBe("ERR_CACHE_AUTH");
    expect(await replacedBy((bytes) => new Uint8Array([...bytes, 0]))).toBe("ERR_CACHE_AUTH");
  });

  it("is extracted for a try, and refused when other bytes are there than were written", async () => {
    await bench().make({}, [
      { path: "a", content: text("a") },
      { path: "b", content: new Uint8Array(0) },
    ]);
    const temporary = bench().path("temporary");
    mkdirSync(temporary);
    vi.stubEnv("TMPDIR", temporary);
    vi.stubEnv("TEMP", temporary);
    const { signal } = new AbortController();
    let changed = false;
    // Asked before a file is read, so first after all were written when the last of them is there.
    signal.throwIfAborted = () => {
      const last = join(temporary, readdirSync(temporary)[0] ?? "none", "files", "b");
      if (lstatSync(last, { throwIfNoEntry: false }) === undefined) return;
      changed = true;
      appendFileSync(last, "more");
    };
    try {
      expect(await code(verify("paranoid", { signal }))).toBe("ERR_CACHE_AUTH");
      expect([changed, readdirSync(temporary)]).toEqual([true, []]);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

describe("a compressed member", () => {
  const brotli = async (content: Uint8Array, stored: Uint8Array, size = content.length) => {
    const digest = Buffer.from(crypto.sha256(content)).toString("hex");
    const note = `{"path":"a","compressed":{"algorithm":"brotli","size":${size},"digest":"${digest}"}}`;
    const about = text(`{"format":"cache-bundle","version":1,"members":[${note}]}\n`);
    await forged([file(".bundle/about.json", about), file("a", stored)], [about, stored]);
  };
  const { brotliCompressSync } = process.getBuiltinModule("node:zlib");

  it("that expands to something else than was stated is found at level deep", async () => {
    const content = text("a".repeat(1000));
    await brotli(content, brotliCompressSync(content));
    expect(await verify("deep")).toMatchObject({ members: [{ path: "a", size: 1000, compression: "brotli" }] });
    await brotli(content, brotliCompressSync(text("b".repeat(1000))));
    expect(await verify("standard")).toMatchObject({ name: "tool" });
    expect(await code(verify("deep"))).toBe("ERR_CACHE_AUTH");
    await brotli(content, brotliCompressSync(content), 1001);
    expect(await code(verify("deep"))).toBe("ERR_CACHE_AUTH");
    await brotli(content, noise(100));
    expect(await code(verify("deep"))).toBe("ERR_CACHE_CODEC");
    await brotli(content, brotliCompressSync(content).subarray(0, -3));
    expect(await code(verify("deep"))).toMatch(/^ERR_CACHE_(CODEC|AUTH)$/);
  });

  it("PW14: a bomb is stopped at the size that was stated", async () => {
    const bomb = brotliCompressSync(new Uint8Array(50_000_000));
    await brotli(new Uint8Array(1000), bomb);
    let most = 0;
    const onProgress = ({ bytes }: { bytes: number }) => {
      most = bytes;
    };
    expect(await code(verify("deep", { onProgress }))).toBe("ERR_CACHE_AUTH");
    expect(most).toBeLessThan(1_000_000);
  });
});

describe("making a package", () => {
  const make = (members: Parameters<typeof createBundle>[1], more: object = {}) =>
    createBundle(bench().file, members, { name: "tool", sign: maker, ...more });

  it("leaves nothing behind when it fails, and an older package as it was", async () => {
    const before = await bench().make();
    const broken = async function* () {
      yield noise(10);
      throw new Error("gone");
    };
    await expect(make([{ path: "a", content: broken }])).rejects.toThrow("gone");
    await expect(make([{ path: "a", content: noise(1) }], { sign: reader })).rejects.toThrow(/identity/);
    expect(bench().names()).toEqual(["tool.bundle"]);
    expect(Buffer.compare(bench().bytes(), before)).toBe(0);
  });

  it("refuses what no reader would take", async () => {
    for (const path of ["/a", "../a", "a\\b", ""])
      expect(await code(make([{ path, content: noise(1) }]))).toBe("ERR_CACHE_FORMAT");
    expect(
      await code(
        make([
          { path: "a", content: noise(1) },
          { path: "a", content: noise(1) },
        ]),
      ),
    ).toBe("ERR_CACHE_FORMAT");
    const [folder, filled] = [{ path: "a" }, { path: "a", content: noise(1) }];
    expect(await code(make([folder, filled]))).toBe("ERR_CACHE_FORMAT");
    expect(await code(make([filled, folder]))).toBe("ERR_CACHE_FORMAT");
    expect(await code(make([{ path: "a" }], { launch: { command: "a" } }))).toBe("ERR_CACHE_FORMAT");
    expect(await code(make([], { launch: { command: "a" } }))).toBe("ERR_CACHE_FORMAT");
    for (const members of [
      [{ path: "a", mode: 0o4755 }],
      [{ path: "a", mode: -1 }],
      [{ path: "a", mode: 0.5 }],
      [{ path: ".bundle/x" }],
      [{ path: "a", purpose: "evil" }],
    ])
      await expect(make(members as never)).rejects.toThrow(TypeError);
    await expect(make([{ path: "a", content: "text" }] as never)).rejects.toThrow(/a content is bytes/);
    const wrong = [
      { name: "" },
      { name: "a\nb" },
      { name: 7 },
      { name: "n".repeat(256) },
      { version: 1 },
      { created: -1 },
    ];
    for (const more of [...wrong, { sequence: 1.5 }, { compression: "gzip" }, { level: "none" }])
      await expect(make([], more)).rejects.toThrow(TypeError);
  });

  it("takes the place of a file only", async () => {
    symlinkSync("/etc/passwd", bench().file);
    let asked = false;
    const members = function* () {
      asked = true;
      yield { path: "a" };
    };
    expect(await code(make(members()))).toBe("ERR_CACHE_UNSAFE_PATH");
    // At once, before anything is packed for it.
    expect(asked).toBe(false);
  });

  it("leaves what came to lie in its place while it was made", async () => {
    const members = function* () {
      symlinkSync("elsewhere", bench().file);
      yield { path: "a", content: text("a") };
    };
    expect(await code(make(members()))).toBe("ERR_CACHE_UNSAFE_PATH");
    expect(lstatSync(bench().file).isSymbolicLink()).toBe(true);
    expect(bench().names()).toEqual(["tool.bundle"]);
  });

  it("takes members without end for too many", async () => {
    const members = function* () {
      for (let at = 0; at < 100_001; at++) yield { path: String(at) };
    };
    await expect(make(members())).rejects.toThrow(/fewer than 100000 members/);
  });

  it("fails when what it keeps meanwhile is cut", async () => {
    // Asked for its signature when all was packed.
    const sign: Signer = {
      identity: maker.identity,
      verify: (...all) => maker.verify(...all),
      sign: (message) => {
        for (const name of bench().names()) truncateSync(bench().path(name), 5);
        return maker.sign(message);
      },
    };
    expect(await code(make([{ path: "a", content: noise(100) }], { sign }))).toBe("ERR_CACHE_STORE");
    expect(bench().names()).toEqual([]);
  });

  it("fails when what it keeps meanwhile is cut between two members, where the later one leaves a hole", async () => {
    const later = async function* () {
      for (const name of bench().names()) truncateSync(bench().path(name), 5);
      yield noise(100);
    };
    const members = [
      { path: "a", content: noise(100) },
      { path: "b", content: later },
    ];
    expect(await code(make(members))).toBe("ERR_CACHE_STORE");
    expect(bench().names()).toEqual([]);
  });

  it("says how long its record is in its first bytes", async () => {
    const bytes = await bench().make();
    expect(Buffer.from(bytes).indexOf(Buffer.from("8943504b470d0a1a", "hex"))).toBe(
      recordLength(bytes.subarray(0, 32)),
    );
  });
});
