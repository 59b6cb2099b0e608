import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  linkSync,
  readdirSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { createCache, jsonCodec } from "@cache/core";
import { contentAt, type FileProgress, fileCache } from "@cache/files";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";
import { described, fresh, make } from "./directories.ts";

function kept() {
  const cache = createCache({ store: memoryStore({ maxBytes: "64MB" }), namespace: "test" });
  return { cache, files: fileCache(cache) };
}

function relink(path: string, target: string): void {
  unlinkSync(path);
  symlinkSync(target, path);
}

describe("put refuses", () => {
  it.each(["/etc/passwd", "../outside", "inside/../../outside", "..", "a/..", "/"])("a link to %s", async (link) => {
    const { files } = kept();
    const root = make(fresh(), { "from/inside/a": "", "from/link": { link } });
    await expect(files.put("k", join(root, "from"))).rejects.toMatchObject({ code: "ERR_CACHE_UNSAFE_PATH" });
    expect(await files.lookup("k")).toEqual({ state: "miss" });
  });

  it.skipIf(process.platform === "win32")("a pipe, without waiting for who writes to it", async () => {
    const { files } = kept();
    const root = fresh();
    execFileSync("mkfifo", [join(root, "pipe")]);
    await expect(files.put("k", root)).rejects.toMatchObject({ code: "ERR_CACHE_UNSAFE_PATH" });
    await expect(files.put("k", join(root, "pipe"))).rejects.toMatchObject({ code: "ERR_CACHE_UNSAFE_PATH" });
  });

  it.skipIf(process.platform === "win32")("a name that is another on other systems", async () => {
    const { files } = kept();
    for (const name of ["a\\b", "c:d"])
      await expect(files.put("k", make(fresh(), { [name]: "" }))).rejects.toMatchObject({
        code: "ERR_CACHE_UNSAFE_PATH",
      });
  });

  it("what is not there, and what is no path, key or option", async () => {
    const { files } = kept();
    await expect(files.put("k", join(fresh(), "nothing"))).rejects.toMatchObject({ code: "ENOENT" });
    await expect(files.put("k", "")).rejects.toThrow(TypeError);
    await expect(files.put("", fresh())).rejects.toThrow(TypeError);
    await expect(files.put("k", fresh(), { ignore: [] } as object)).rejects.toThrow(/no option "ignore"/);
    await expect(files.restore("k", fresh(), { force: true } as object)).rejects.toThrow(/no option "force"/);
    await expect(contentAt(fresh(), { ignore: [] } as object)).rejects.toThrow(/no option "ignore"/);
    for (const path of ["", "a\0b", 5, Object("a")])
      for (const call of [files.put, files.restore])
        await expect(call("k", path as never)).rejects.toThrow(/a path is text/);
    await expect(files.restoreOrMake("k", "a", "make" as never)).rejects.toThrow(/needs a function/);
    await expect(files.restoreOrMake("k", 5 as never, () => undefined)).rejects.toThrow(/a path is text/);
    await expect(files.put("k", fresh(), { exclude: "a" as never })).rejects.toThrow(/exclude is a function/);
    await expect(files.restore("none", "a", { maxBytes: "much" as never })).rejects.toThrow(TypeError);
    expect(() => fileCache({} as never)).toThrow(/needs a cache/);
    expect(() => fileCache(kept().cache, { name: "a" } as never)).toThrow(/no option "name"/);
  });

  it.each<[object]>([
    [{ exlude: () => false }],
    [{ exclude: "a" }],
    [{ ttl: "bogus" }],
    [{ of: "src" }],
    [{ of: [{ digest: "0" }] }],
  ])("a mistake in %o before anything was removed or made", async (options) => {
    const { files } = kept();
    const path = make(join(fresh(), "out"), { precious: "" });
    const making = files.restoreOrMake("k", path, () => expect.fail("it was made"), options);
    await expect(making).rejects.toThrow(TypeError);
    expect(described(path)).toEqual({ precious: "" });
  });

  it.each<[string, (root: string) => void]>([
    ["grows", (root) => appendFileSync(join(root, "b"), "more")],
    ["shrinks", (root) => writeFileSync(join(root, "b"), "x")],
    ["is another one of its length", (root) => writeFileSync(join(root, "b"), "c".repeat(1000))],
    ["was read, and is written to then", (root) => writeFileSync(join(root, "a"), "c".repeat(1000))],
    ["comes", (root) => writeFileSync(join(root, "d"), "")],
    ["goes", (root) => unlinkSync(join(root, "b"))],
    ["goes that was read", (root) => unlinkSync(join(root, "a"))],
    ["is a link by now", (root) => relink(join(root, "b"), "a")],
    ["leads elsewhere", (root) => relink(join(root, "link"), "b")],
  ])("what is being read when something in it %s", async (_, change) => {
    const { files } = kept();
    const made = { a: "a".repeat(1000), b: "b".repeat(1000), link: { link: "a" } };
    // After the first file was read, and before the second.
    const changing = (root: string) => ({
      onProgress: ({ files: done }: FileProgress) => void (done === 1 && change(root)),
    });
    const root = make(join(fresh(), "from"), made);
    await expect(files.put("k", root, changing(root))).rejects.toThrow();
    expect(await files.lookup("k")).toEqual({ state: "miss" });
  });

  // Files are read at once or piece by piece.
  it.each([1000, 100_000])(
    "a file of %i bytes that is read by way of a link which a directory was then",
    async (size) => {
      const { files } = kept();
      const base = make(fresh(), { "outside/b": "b".repeat(size), "from/a": "", "from/sub/b": "c".repeat(size) });
      const [root, sub] = [join(base, "from"), join(base, "from/sub")];
      const swap = () => {
        renameSync(sub, join(base, "away"));
        symlinkSync("../outside", sub);
      };
      const back = () => {
        unlinkSync(sub);
        renameSync(join(base, "away"), sub);
      };
      const onProgress = ({ files: done }: FileProgress) => void (done === 1 ? swap() : back());
      await expect(files.put("k", root, { onProgress })).rejects.toThrow(/sub\/b changed while it was read/);
      expect(await files.lookup("k")).toEqual({ state: "miss" });
    },
  );

  it.each(["put", "contentAt"])("a directory that was another one while %s looked into it", async (call) => {
    const { files } = kept();
    const base = make(fresh(), { "outside/b": "evil", "from/a": "", "from/sub/b": "good", "from/z": "" });
    const sub = join(base, "from/sub");
    let times = 0;
    // Asked about "sub" it is there, and about what is in it, it is another; asked about z, it is back. Both times that it is walked.
    const exclude = (path: string) => {
      if (path === "a") times += 1;
      if (path === "sub") {
        renameSync(sub, join(base, "away"));
        renameSync(join(base, "outside"), sub);
      }
      if (path === "z") {
        renameSync(sub, join(base, "outside"));
        renameSync(join(base, "away"), sub);
      }
      return false;
    };
    const reading =
      call === "put" ? files.put("k", join(base, "from"), { exclude }) : contentAt(join(base, "from"), { exclude });
    await expect(reading).rejects.toThrow(/changed while it was read/);
    expect(times).toBeGreaterThan(0);
  });

  it("a directory that was a link whenever somebody looked into it, and none whenever somebody looked at it", async () => {
    const { files } = kept();
    // Two directories around what is kept take turns, and in the other one "sub" is a link: no time of anything in them tells.
    const base = make(fresh(), {
      "outside/b": "evil",
      "mine/from/a": "",
      "mine/from/sub/b": "good",
      "theirs/from": null,
    });
    linkSync(join(base, "mine/from/a"), join(base, "theirs/from/a"));
    symlinkSync(join(base, "outside"), join(base, "theirs/from/sub"));
    const [mine, theirs, away] = [join(base, "mine"), join(base, "theirs"), join(base, "away")];
    let isSwapped = false;
    const swap = (to: boolean) => {
      if (isSwapped === to) return;
      for (const [from, into] of [
        [mine, away],
        [theirs, mine],
        [away, theirs],
      ] as const)
        renameSync(from, into);
      isSwapped = to;
    };
    const exclude = (path: string) => {
      if (path === "sub") swap(true);
      return false;
    };
    const onProgress = ({ files: done }: FileProgress) => void (done === 2 && swap(false));
    await expect(files.put("k", join(mine, "from"), { exclude, onProgress })).rejects.toThrow(/sub changed while/);
    expect(await files.lookup("k")).toEqual({ state: "miss" });
  });

  it("what is being digested when something in it changes", async () => {
    const root = make(fresh(), { a: "a".repeat(1000), b: "b".repeat(300_000), c: "" });
    // Asked about c, b has been looked at and not yet read.
    const exclude = (path: string) => {
      if (path === "c") appendFileSync(join(root, "b"), "more");
      return false;
    };
    await expect(contentAt(root, { exclude })).rejects.toThrow(/b changed while it was read/);
  });

  it("what is being digested when something comes where it has been looked already", async () => {
    const root = make(fresh(), { "a/b": "", c: "" });
    const exclude = (path: string) => {
      if (path === "c") writeFileSync(join(root, "a/new"), "");
      return false;
    };
    await expect(contentAt(root, { exclude })).rejects.toThrow(/changed while it was read/);
  });

  it.runIf(process.platform === "linux")("names and links that are no text, which others may have too", async () => {
    const { files } = kept();
    const strange = (name: string) => Buffer.from(name, "latin1");
    const [named, linked] = [make(fresh(), { "x\ufffd": "" }), fresh()];
    writeFileSync(Buffer.concat([Buffer.from(`${named}/`), strange("x\xff")]), "one");
    symlinkSync(strange("t\xff"), join(linked, "l"));
    for (const root of [named, linked]) {
      await expect(files.put("k", root)).rejects.toMatchObject({ code: "ERR_CACHE_UNSAFE_PATH" });
      await expect(contentAt(root)).rejects.toMatchObject({ code: "ERR_CACHE_UNSAFE_PATH" });
    }
    expect(await files.put("k", make(fresh(), { "x\ufffd": "", l: { link: "t\ufffd" } }))).toMatchObject({ files: 1 });
  });

  it("a directory with more names than the cache takes into memory, in words", async () => {
    const cache = createCache({ store: memoryStore({ maxBytes: "1MB" }), maxBufferedBytes: 500 });
    const root = make(fresh(), Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`${at}`, ""])));
    await expect(fileCache(cache).put("k", root)).rejects.toThrow(/list of all names is larger/);
  });
});

describe("files of secrets", () => {
  it("are refused under whatever name they lie there, unless they are left out", async () => {
    const { files } = kept();
    const root = make(fresh(), { "from/a": "", keys: "secret" });
    linkSync(join(root, "keys"), join(root, "from/b"));
    const secretFiles = [join(root, "keys"), join(root, "none"), join(root, "keys/none")];
    for (const path of ["from", "keys"])
      await expect(files.put("k", join(root, path), { secretFiles })).rejects.toMatchObject({
        code: "ERR_CACHE_SECRET",
      });
    expect(await files.lookup("k")).toEqual({ state: "miss" });
    const exclude = (path: string) => path === "b";
    expect(await files.put("k", join(root, "from"), { secretFiles, exclude })).toMatchObject({ files: 1 });
    await expect(files.put("k", root, { secretFiles: "keys" as never })).rejects.toThrow(/secretFiles are paths/);
  });
});

describe("restore makes nothing of a record that somebody with the key has written for", () => {
  const digest = "0".repeat(64);
  const file = (path: string) => ({ path, size: 0, executable: false, digest });
  const nothing = { format: 1, kind: "directory", files: [], directories: [], links: [], packs: [] };
  it.each([
    ["a path out of the tree", { files: [file("../a")] }],
    ["an absolute path", { files: [file("/tmp/a")] }],
    ["a path that Windows reads as another", { files: [file("a\\..\\..\\b")] }],
    ["a directory out of the tree", { directories: [".."] }],
    ["a link out of the tree", { links: [{ path: "a", target: "../a" }] }],
    ["an absolute link", { links: [{ path: "a", target: "/etc" }] }],
    ["a link that goes up behind another", { directories: ["d"], links: [{ path: "d/a", target: "b/../../c" }] }],
    ["a file in a link", { links: [{ path: "a", target: "b" }], files: [file("a/b")] }],
    ["a file in a file", { files: [file("a"), file("a/b")] }],
    [
      "a link in a link",
      {
        links: [
          { path: "a", target: "b" },
          { path: "a/c", target: "../b" },
        ],
      },
    ],
    ["two things at one path", { files: [file("a")], directories: ["a"] }],
    ["a directory named twice", { directories: ["a", "a"] }],
    ["fewer bytes than the files have", { files: [{ ...file("a"), size: 5 }] }],
    ["a file that is the root of a directory", { files: [file("")] }],
    ["a root that is two files", { kind: "file", files: [file(""), file("b")] }],
    ["a root that is no file", { kind: "file" }],
    ["a root with a path", { kind: "file", files: [file("a")] }],
    ["a root that is a link", { kind: "link", links: [{ path: "", target: "a" }] }],
    [
      "a negative size",
      {
        files: [
          { ...file("a"), size: -1 },
          { ...file("b"), size: 1 },
        ],
      },
    ],
    ["a digest that is none", { files: [{ ...file("a"), digest: "0" }] }],
    ["another format", { format: 2 }],
    ["no lists", { files: {} }],
    ["a file without a path", { files: [{ ...file("a"), path: 5 }] }],
    ["a directory without a path", { directories: [5] }],
    ["a link without a target", { links: [{ path: "a", target: 5 }] }],
    ["a link that Windows reads as another", { links: [{ path: "a", target: "b\\..\\.." }] }],
    ["a link to a drive", { links: [{ path: "a", target: "c:b" }] }],
  ])("%s", async (_, part) => {
    const { cache, files } = kept();
    const forged = cache.namespace("files", { codec: jsonCodec });
    await forged.set("k", { ...nothing, ...part });
    const root = fresh();
    const found = await files.restore("k", join(root, "to"));
    expect(found).toMatchObject({ state: "rejected", code: "ERR_CACHE_CODEC" });
    expect(readdirSync(root)).toEqual([]);
  });

  it("files of other contents than it says", async () => {
    const { cache, files } = kept();
    const forged = cache.namespace("files", { codec: jsonCodec });
    const pack = await forged.blobs.put(new TextEncoder().encode("evil"));
    const packs = [{ digest: pack, size: 4 }];
    await forged.set("k", { ...nothing, packs, files: [{ ...file("a"), size: 4 }] });
    const root = fresh();
    const found = await files.restore("k", join(root, "to"));
    expect(found).toMatchObject({ state: "rejected", code: "ERR_CACHE_AUTH" });
    expect(readdirSync(root)).toEqual([]);
  });

  it.each([0, 3, 5])("a content of %i bytes that has 4", async (size) => {
    const { cache, files } = kept();
    const forged = cache.namespace("files", { codec: jsonCodec });
    const pack = await forged.blobs.put(new TextEncoder().encode("evil"));
    const taken = createHash("sha256").update("evil".slice(0, size)).digest("hex");
    const parts = { packs: [{ digest: pack, size }], files: [{ ...file("a"), size, digest: taken }] };
    await forged.set("k", { ...nothing, ...parts });
    const root = fresh();
    expect((await files.restore("k", join(root, "to"))).state).not.toBe("hit");
    expect(readdirSync(root)).toEqual([]);
  });
});

describe("restore", () => {
  it("leaves what is there when content is lost", async () => {
    const { cache, files } = kept();
    const root = make(fresh(), { "from/a": "new", "to/b": "old" });
    await files.put("k", join(root, "from"));
    const { "from/a": text } = described(root);
    await cache.blobs.delete(
      createHash("sha256")
        .update(text as string)
        .digest("hex"),
    );
    expect(await files.restore("k", join(root, "to"), { replace: true })).toEqual({ state: "miss" });
    expect(described(root)).toEqual({ from: null, "from/a": "new", to: null, "to/b": "old" });
  });

  it("writes no more than it may", async () => {
    const { files } = kept();
    const root = make(fresh(), { "from/a": "12345" });
    await files.put("k", join(root, "from"));
    const restoring = files.restore("k", join(root, "to"), { maxBytes: 4 });
    await expect(restoring).rejects.toMatchObject({ code: "ERR_CACHE_LIMIT" });
    expect(await files.restore("k", join(root, "to"), { maxBytes: 5 })).toMatchObject({ state: "hit" });
  });

  it("that is aborted leaves nothing", async () => {
    const { files } = kept();
    const root = make(fresh(), { "from/a": "12345" });
    await files.put("k", join(root, "from"));
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    await expect(files.restore("k", join(root, "to"), { signal })).rejects.toBe(reason);
    expect(existsSync(join(root, "to"))).toBe(false);
    expect(readdirSync(root)).toEqual(["from"]);
  });
});
