import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { crypto } from "@cache/core/crypto";
import { encodeRecord, RecordKind } from "@cache/core/record";
import { describe, expect, it } from "vitest";
import { createBundle, directoryMembers, type ExtractOptions, extractBundle, type NewMember } from "../src/index.ts";
import { encodeManifest, type Member } from "../src/manifest/manifest.ts";
import { MEMBERS, maker, noise, TRUSTED, text, useBench } from "./bench.ts";

const bench = useBench();
const out = () => bench().path("out");
const extract = (more: Partial<ExtractOptions> = {}) => extractBundle(bench().file, out(), { ...TRUSTED, ...more });
const codeOf = async (work: Promise<unknown>) =>
  ((await work.catch((error: { code: string }) => error)) as { code?: string }).code;
const mode = (path: string) => statSync(path).mode & 0o7777;

describe("extracting", () => {
  it.each(["none", "brotli"] as const)("gives every member with its content and rights (%s)", async (compression) => {
    await bench().make({ compression });
    expect(await extract()).toMatchObject({ name: "tool", trust: "signed" });
    for (const { path, content } of MEMBERS) {
      if (content === undefined) expect(statSync(join(out(), path)).isDirectory()).toBe(true);
      else expect(Buffer.compare(readFileSync(join(out(), path)), content as Uint8Array), path).toBe(0);
    }
    expect(readdirSync(out()).sort()).toEqual(["bin", "data", "empty"]);
    expect([mode(out()), mode(join(out(), "bin")), mode(join(out(), "bin/tool")), mode(join(out(), "empty"))]).toEqual([
      0o700, 0o755, 0o755, 0o644,
    ]);
    expect(bench().names()).toEqual(["out", "tool.bundle"]);
  });

  it("M65: nothing is written when a member is damaged, however late", async () => {
    const bytes = await bench().make();
    bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
    bench().put(bytes);
    let progressed = 0;
    const onProgress = ({ bytes: read }: { bytes: number }) => {
      progressed = read;
      expect(bench().names()).toEqual(["tool.bundle"]);
    };
    expect(await codeOf(extract({ onProgress }))).toBe("ERR_CACHE_AUTH");
    expect(progressed).toBeGreaterThan(0);
    expect(bench().names()).toEqual(["tool.bundle"]);
  });

  it("A8: what is changed between verification and extraction is not extracted", async () => {
    const bytes = await bench().make({}, [{ path: "big", content: noise(1_000_000) }]);
    let changed = false;
    const onProgress = ({ bytes: read }: { bytes: number }) => {
      // All was verified; its extraction begins.
      if (read < 1_000_000 || changed) return;
      changed = true;
      bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
      bench().put(bytes);
    };
    expect(await codeOf(extract({ onProgress }))).toBe("ERR_CACHE_AUTH");
    expect(changed).toBe(true);
    expect(bench().names()).toEqual(["tool.bundle"]);
  });

  it("nothing that lies at the target is touched: a file, a directory, a link that leads nowhere", async () => {
    await bench().make();
    symlinkSync(bench().path("elsewhere"), out());
    expect(await codeOf(extract())).toBe("ERR_CACHE_UNSAFE_PATH");
    expect(existsSync(bench().path("elsewhere"))).toBe(false);
    expect(lstatSync(out()).isSymbolicLink()).toBe(true);
    mkdirSync(bench().path("empty"));
    expect(await codeOf(extractBundle(bench().file, bench().path("empty"), TRUSTED))).toBe("ERR_CACHE_UNSAFE_PATH");
  });

  it("nothing is read for a target that is taken, and what takes it meanwhile is left alone", async () => {
    await bench().make();
    mkdirSync(out());
    let read = 0;
    const onProgress = ({ bytes }: { bytes: number }) => {
      read = bytes;
      mkdirSync(out(), { recursive: true });
    };
    expect([await codeOf(extract({ onProgress })), read]).toEqual(["ERR_CACHE_UNSAFE_PATH", 0]);
    rmSync(out(), { recursive: true });
    expect(await codeOf(extract({ onProgress }))).toBe("ERR_CACHE_UNSAFE_PATH");
    expect([readdirSync(out()), bench().names()]).toEqual([[], ["out", "tool.bundle"]]);
  });

  it("rights for others to write are dropped, and its user can always read", async () => {
    await bench().make({}, [
      { path: "open", content: text("x"), mode: 0o777 },
      { path: "none", content: text("x"), mode: 0 },
      { path: "closed", mode: 0 },
      { path: "closed/in", content: text("x"), mode: 0o200 },
    ]);
    await extract();
    expect(["open", "none", "closed", "closed/in"].map((name) => mode(join(out(), name)))).toEqual([
      0o755, 0o400, 0o700, 0o600,
    ]);
  });

  it("a package that is larger than allowed, or than there is room, writes nothing", async () => {
    await bench().make();
    expect(await codeOf(extract({ maxBytes: "100KB" }))).toBe("ERR_CACHE_LIMIT");
    expect(bench().names()).toEqual(["tool.bundle"]);
  });

  it("what is larger than the room there is fails before anything is read of it", async () => {
    await bench().make({}, []);
    const size = 2 ** 46;
    const digest = "0".repeat(64);
    const note = { path: "a", compressed: { algorithm: "brotli", size, digest } };
    const about = text(`${JSON.stringify({ format: "cache-bundle", version: 1, members: [note] })}\n`);
    const member = (path: string, content: Uint8Array): Member => ({
      ...{ path, type: "file", mode: 0o644, size: content.length, digest: crypto.sha256(content) },
    });
    const manifest = encodeManifest([member(".bundle/about.json", about), member("a", text("x"))]);
    const facts = { created: 0, expires: 0, sequence: 0, size: manifest.length, digest: crypto.sha256(manifest) };
    const names = { namespace: "", key: text("tool"), writer: "", metadata: new Uint8Array(0) };
    const record = await encodeRecord({ kind: RecordKind.packageManifest, ...facts, ...names }, maker, manifest);
    bench().put(new Uint8Array([...record, ...about, ...text("x")]));
    let read = 0;
    const onProgress = ({ bytes }: { bytes: number }) => {
      read = bytes;
    };
    expect(await codeOf(extract({ maxBytes: size, onProgress }))).toBe("ERR_CACHE_STORE");
    expect([read, bench().names()]).toEqual([0, ["tool.bundle"]]);
  });

  it("an abort leaves nothing", async () => {
    await bench().make();
    const controller = new AbortController();
    const reason = new Error("enough");
    const work = extract({ signal: controller.signal, onProgress: () => controller.abort(reason) });
    await expect(work).rejects.toBe(reason);
    expect(bench().names()).toEqual(["tool.bundle"]);
  });

  it("an unknown option is refused", async () => {
    await expect(extract({ verify: false } as never)).rejects.toThrow(TypeError);
  });
});

describe("packing a directory", () => {
  const source = () => bench().path("source");

  it("takes contents, and of rights whether the owner may execute: a copy elsewhere gives the same bytes", async () => {
    mkdirSync(join(source(), "lib/deep"), { recursive: true });
    writeFileSync(join(source(), "run"), "#!/bin/sh\n", { mode: 0o700 });
    writeFileSync(join(source(), "lib/a.txt"), "a", { mode: 0o600 });
    const pack = () =>
      createBundle(bench().file, directoryMembers(source(), { at: "app", purpose: "code" }), {
        name: "tool",
        sign: maker,
      });
    const { digest, members } = await pack();
    expect(members).toBe(4);
    chmodSync(join(source(), "run"), 0o755);
    chmodSync(join(source(), "lib/a.txt"), 0o664);
    expect((await pack()).digest).toBe(digest);
    const found = await extract();
    expect(found.members.map(({ path, mode: bits }) => [path, bits])).toEqual([
      ["app/lib", 0o755],
      ["app/lib/a.txt", 0o644],
      ["app/lib/deep", 0o755],
      ["app/run", 0o755],
    ]);
  });

  it("leaves out what is excluded by its path below the directory, and with a directory what is in it", async () => {
    mkdirSync(join(source(), "deep/deep"), { recursive: true });
    for (const name of ["a", "deep/a", "deep/b", "deep/deep/c"]) writeFileSync(join(source(), name), name);
    symlinkSync("a", join(source(), "deep/deep/link"));
    const asked: string[] = [];
    const exclude = (path: string) => {
      asked.push(path);
      return path === "deep/deep" || path === "a";
    };
    const members: string[] = [];
    for await (const { path } of directoryMembers(source(), { at: "app", exclude })) members.push(path);
    expect(members.sort()).toEqual(["app/deep", "app/deep/a", "app/deep/b"]);
    expect(asked.sort()).toEqual(["a", "deep", "deep/a", "deep/b", "deep/deep"]);
    await expect(directoryMembers(source(), { exclude: "a" as never }).next()).rejects.toThrow(TypeError);
    const error = new Error("my own");
    const failing = directoryMembers(source(), {
      exclude: () => {
        throw error;
      },
    });
    await expect(failing.next()).rejects.toBe(error);
  });

  it("PW13: refuses links instead of following or keeping them", async () => {
    mkdirSync(join(source(), "bin"), { recursive: true });
    symlinkSync("/etc/passwd", join(source(), "bin/passwd"));
    const work = createBundle(bench().file, directoryMembers(source()), { name: "tool", sign: maker });
    await expect(work).rejects.toThrow("bin/passwd is a link, and links are not packed");
    expect(await codeOf(work)).toBe("ERR_CACHE_UNSAFE_PATH");
    expect(bench().names()).toEqual(["source"]);
    await expect(directoryMembers(source(), { mode: 0 } as never).next()).rejects.toThrow(TypeError);
  });

  it("PW13: refuses what was a file when it was found, and is none when it is packed", async () => {
    mkdirSync(source());
    writeFileSync(join(source(), "a"), "a");
    const members: NewMember[] = [];
    for await (const member of directoryMembers(source())) members.push(member);
    rmSync(join(source(), "a"));
    mkdirSync(join(source(), "a"));
    const work = createBundle(bench().file, members, { name: "tool", sign: maker });
    expect(await codeOf(work)).toBe("ERR_CACHE_UNSAFE_PATH");
    expect(bench().names()).toEqual(["source"]);
  });
});
