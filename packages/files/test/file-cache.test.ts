import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createCache } from "@cache/core";
import { collectGarbage } from "@cache/core/maintenance";
import { type FileCacheOptions, fileCache } from "@cache/files";
import { memoryStore } from "@cache/memory";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { described, fresh, type Made, make } from "./directories.ts";

const FAR = 4_102_444_800_000;

function kept(options?: FileCacheOptions) {
  const store = memoryStore({ maxBytes: "512MB" });
  const slots = { store, namespace: "test" };
  const cache = createCache(slots);
  return { store, cache, files: fileCache(cache, options) };
}

const TREE: Made = {
  "a.txt": "first",
  bin: null,
  "bin/run": { run: "#!/bin/sh" },
  deep: null,
  "deep/er": null,
  "deep/er/é.txt": "accents",
  "deep/er/empty": "",
  "deep/up": { link: "../a.txt" },
  "empty directory": null,
  "to deep": { link: "deep/er" },
};

describe("a directory", () => {
  it("comes back with its names, contents, links, and what can be executed", async () => {
    const { files } = kept();
    const root = fresh();
    const put = await files.put("build", make(join(root, "from"), TREE));
    expect(put).toMatchObject({ kind: "directory", files: 4, size: 21 });
    expect(await files.restore("build", join(root, "new/to"))).toEqual({ state: "hit", files: put });
    expect(described(join(root, "new/to"))).toEqual(TREE);
    expect(readdirSync(join(root, "new"))).toEqual(["to"]);
  });

  it("comes back whatever is in it", async () => {
    const name = fc.stringMatching(/^[a-zé ][a-z.0-9 -]{0,8}$/);
    const content = fc.oneof(
      fc.string(),
      fc.string().map((run) => ({ run })),
      fc.constant(null),
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, fc.dictionary(name, content)), async (tree) => {
        const flat = Object.entries(tree).flatMap(([around, inner]) => [
          [around, null] as const,
          ...Object.entries(inner).map(([inside, value]) => [`${around}/${inside}`, value] as const),
        ]);
        const { files } = kept();
        const root = fresh();
        make(join(root, "from"), Object.fromEntries(flat));
        const made = described(join(root, "from"));
        const put = await files.put("k", join(root, "from"));
        await files.restore("k", join(root, "to"));
        expect(described(join(root, "to"))).toEqual(made);
        expect(await fileCache(kept().cache).put("other", join(root, "to"))).toEqual(put);
      }),
      { numRuns: 50 },
    );
  });

  it("has one digest wherever and whenever it lies, and another when anything else differs", async () => {
    const { files } = kept();
    const digestOf = async (tree: Made): Promise<string> => (await files.put("k", make(fresh(), tree))).digest;
    const digest = await digestOf(TREE);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    const later = make(fresh(), TREE);
    utimesSync(join(later, "a.txt"), 1, 1);
    expect((await files.put("k", later)).digest).toBe(digest);
    const others: Made[] = [
      { ...TREE, "a.txt": "other" },
      { ...TREE, "a.txt": { run: "first" } },
      { ...TREE, more: "" },
      { ...TREE, more: null },
      { ...TREE, "deep/up": { link: "er" } },
    ];
    const digests = await Promise.all(others.map(digestOf));
    expect(new Set([digest, ...digests]).size).toBe(others.length + 1);
  });

  it("is kept without what is excluded, and with a directory without what is in it", async () => {
    const { files } = kept();
    const root = fresh();
    const exclude = (path: string) => path === "deep" || path.endsWith(".txt");
    await files.put("build", make(join(root, "from"), TREE), { exclude });
    await files.restore("build", join(root, "to"));
    expect(Object.keys(described(join(root, "to")))).toEqual(["bin", "bin/run", "empty directory", "to deep"]);
  });

  it("of thousands of small files takes few contents, of which a changed file changes one", async () => {
    const { files, cache, store } = kept();
    const tree = Object.fromEntries(
      Array.from({ length: 3000 }, (_, at) => [`d${at % 7}/${at}`, `${at} `.repeat(400)]),
    );
    const from = make(join(fresh(), "from"), tree);
    await files.put("one", from);
    const count = async () => {
      let blobs = 0;
      for await (const _ of store.list("blobs")) blobs += 1;
      return blobs;
    };
    const first = await count();
    expect(first).toBeLessThan(20);
    writeFileSync(join(from, "d3/1011"), "changed");
    await files.put("two", from);
    expect(await count()).toBeLessThanOrEqual(first + 4);
    const to = join(fresh(), "to");
    expect(await files.restore("two", to)).toMatchObject({ state: "hit" });
    expect(described(to)).toEqual(described(from));
    await cache.close();
  });

  it("of small files and large ones comes back to the byte", async () => {
    const { files } = kept();
    const from = make(fresh(), {});
    for (let at = 0; at < 100; at++) writeFileSync(join(from, `${at}`), `${at}`);
    const large = [randomBytes(1_048_576), randomBytes(3_000_001)];
    for (const [at, bytes] of large.entries()) writeFileSync(join(from, `5${at}.large`), bytes);
    await files.put("k", from);
    const to = join(fresh(), "to");
    expect(await files.restore("k", to)).toMatchObject({ state: "hit", files: { files: 102 } });
    for (const [at, bytes] of large.entries()) expect(readFileSync(join(to, `5${at}.large`)).equals(bytes)).toBe(true);
    expect(readFileSync(join(to, "57"), "utf8")).toBe("57");
  });
});

describe("a file", () => {
  it("comes back under another name, with the same digest wherever it lay", async () => {
    const { files } = kept();
    const root = make(fresh(), { "a.bin": "content", "b.sh": { run: "content" } });
    const put = await files.put("a", join(root, "a.bin"));
    expect(put).toMatchObject({ kind: "file", files: 1, size: 7 });
    expect(await files.restore("a", join(root, "c"))).toEqual({ state: "hit", files: put });
    await files.put("b", join(root, "b.sh"));
    await files.restore("b", join(root, "d"));
    expect(described(root)).toMatchObject({ c: "content", d: { run: "content" } });
    expect((await files.put("c", join(root, "c"))).digest).toBe(put.digest);
    expect((await files.put("d", join(root, "d"))).digest).not.toBe(put.digest);
  });

  it("has the rights that the umask leaves", async () => {
    const { files } = kept();
    const root = make(fresh(), { a: "content" });
    await files.put("a", join(root, "a"));
    await files.restore("a", join(root, "b"));
    writeFileSync(join(root, "c"), "");
    expect(statSync(join(root, "b")).mode).toBe(statSync(join(root, "c")).mode);
  });
});

describe("what is there already", () => {
  it("stays, unless it may be replaced", async () => {
    const { files } = kept();
    const root = make(fresh(), { "from/a": "new", "to/b": "old" });
    await files.put("k", join(root, "from"));
    await expect(files.restore("k", join(root, "to"))).rejects.toMatchObject({ code: "ERR_CACHE_UNSAFE_PATH" });
    expect(described(join(root, "to"))).toEqual({ b: "old" });
    await files.restore("k", join(root, "to"), { replace: true });
    expect(described(join(root, "to"))).toEqual({ a: "new" });
    expect(readdirSync(root)).toEqual(["from", "to"]);
  });

  it("of another kind is never replaced", async () => {
    const { files } = kept();
    const root = make(fresh(), { "from/a": "new", to: "a file", link: { link: "from" } });
    await files.put("directory", join(root, "from"));
    await files.put("file", join(root, "to"));
    for (const [key, place] of [
      ["directory", "to"],
      ["file", "from"],
      ["directory", "link"],
      ["file", "link"],
    ] as const) {
      const restoring = files.restore(key, join(root, place), { replace: true });
      await expect(restoring).rejects.toMatchObject({ code: "ERR_CACHE_UNSAFE_PATH" });
    }
    expect(described(root)).toEqual({ from: null, "from/a": "new", to: "a file", link: { link: "from" } });
  });

  it("is not replaced around the working directory", async () => {
    const { files } = kept();
    await files.put("k", make(fresh(), { a: "" }));
    for (const place of [".", "..", "/"]) {
      const restoring = files.restore("k", place, { replace: true });
      await expect(restoring).rejects.toMatchObject({ code: "ERR_CACHE_UNSAFE_PATH" });
    }
  });

  it("is made when it is missing, and restored ever after", async () => {
    const { files } = kept();
    const path = join(fresh(), "out");
    let runs = 0;
    const build = () => {
      runs += 1;
      make(path, { a: "made" });
    };
    const first = await files.restoreOrMake("k", path, build);
    writeFileSync(join(path, "a"), "spoiled");
    const second = await files.restoreOrMake("k", path, build);
    expect([first.state, second.state, runs]).toEqual(["made", "hit", 1]);
    expect(second.files).toEqual(first.files);
    expect(described(path)).toEqual({ a: "made" });
  });
});

describe("what is kept", () => {
  it("is told, listed and deleted", async () => {
    const { files } = kept();
    const put = await files.put("k", make(fresh(), TREE));
    expect(await files.lookup("k")).toEqual({ state: "hit", files: put });
    const listed = [];
    for await (const each of files.list()) listed.push(each);
    expect(listed).toEqual([["k", put]]);
    await files.delete("k");
    expect(await files.lookup("k")).toEqual({ state: "miss" });
    const to = join(fresh(), "to");
    expect(await files.restore("k", to)).toEqual({ state: "miss" });
    expect(existsSync(to)).toBe(false);
  });

  it("keeps its contents from the collection of garbage for as long as it is kept", async () => {
    const { files, store } = kept();
    const root = make(fresh(), { "from/a": "x".repeat(100_000) });
    await files.put("k", join(root, "from"));
    await collectGarbage({ store, now: () => FAR });
    expect(await files.restore("k", join(root, "to"))).toMatchObject({ state: "hit" });
    await files.delete("k");
    const { unreferencedBlobs } = await collectGarbage({ store, now: () => FAR });
    expect(unreferencedBlobs).toBe(1);
  });

  it("can be kept apart by name", async () => {
    const { cache, files } = kept();
    const root = make(fresh(), { a: "" });
    await files.put("k", root);
    expect(await fileCache(cache, { namespace: "other" }).lookup("k")).toEqual({ state: "miss" });
    expect(await fileCache(cache).lookup("k")).toMatchObject({ state: "hit" });
  });
});
