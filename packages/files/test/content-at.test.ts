import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createCache, memoize } from "@cache/core";
import { type ContentAt, contentAt, fileCache } from "@cache/files";
import { memoryStore } from "@cache/memory";
import { expect, it } from "vitest";
import { fresh, make } from "./directories.ts";

const cacheOf = () => createCache({ store: memoryStore({ maxBytes: "1MB" }), namespace: "test" });

it("a function of files runs once for each content, wherever it lies", async () => {
  const seen: string[] = [];
  const build = memoize(
    cacheOf(),
    (source: ContentAt) => {
      seen.push(source.path);
      return seen.length;
    },
    { name: "build" },
  );
  const one = make(fresh(), { "src/a.ts": "1", "src/b.ts": "2" });
  const two = make(fresh(), { "src/a.ts": "1", "src/b.ts": "2" });
  expect(await build(await contentAt(one))).toBe(1);
  expect(await build(await contentAt(two))).toBe(1);
  writeFileSync(join(two, "src/a.ts"), "3");
  expect(await build(await contentAt(two))).toBe(2);
  expect(await build(await contentAt(join(two, "src/a.ts")))).toBe(3);
  expect(seen).toEqual([one, two, join(two, "src/a.ts")]);
});

it("says what a put would, without what is excluded", async () => {
  const root = make(fresh(), { a: "12", "b/c": "345", "b/d": { link: "c" } });
  const exclude = (path: string) => path === "a";
  const { digest, size, path } = await contentAt(root, { exclude });
  expect({ digest, size, path }).toEqual({ digest: expect.any(String), size: 3, path: root });
  expect(await fileCache(cacheOf()).put("k", root, { exclude })).toMatchObject({ digest, size });
  expect(digest).not.toBe((await contentAt(root)).digest);
});

it("stops when it is told to", async () => {
  const root = make(fresh(), { a: "12" });
  await expect(contentAt(root, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
});

it("has a digest that is written down", async () => {
  const root = make(fresh(), { "a.txt": "a", "b/run": { run: "b" }, "b/link": { link: "../a.txt" }, empty: null });
  const { digest } = await contentAt(root);
  expect(digest).toBe("6e16a42fbb60074a82f4865d83d7785557c5f9ccd1ec778fc98bdc4cf9f0b2ca");
});
