import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { fileStore } from "../src/index.ts";
import { bytesOf, failureOf, fileOf, nameOf, newBase, newDirectory, treeOf } from "./directories.ts";

const name = nameOf("a value");
const hex = name.slice(6);

describe("layout", () => {
  it("a value is a file with just its bytes, under the first digits of its name", async () => {
    const directory = newDirectory();
    await fileStore(directory).put(name, bytesOf(1000));
    expect(new Uint8Array(readFileSync(fileOf(directory, name)))).toEqual(bytesOf(1000));
  });

  it("two levels lead to it by the first digits and the next", async () => {
    const directory = newDirectory();
    await fileStore(directory, { levels: 2 }).put(name, bytesOf(10));
    const file = join(directory, "v1", "blobs", hex.slice(0, 2), hex.slice(2, 4), hex);
    expect(new Uint8Array(readFileSync(file))).toEqual(bytesOf(10));
  });

  it("nothing is made before the first put, by no other call", async () => {
    const base = newBase();
    const store = fileStore(join(base, "deep", "store"));
    expect(await store.get(name)).toBeUndefined();
    expect(await store.open(name)).toBeUndefined();
    expect(await store.stat(name)).toBeUndefined();
    await store.delete(name);
    await store.delete(name, { quarantine: true });
    for await (const _ of store.list("entries")) expect.unreachable();
    for await (const _ of store.maintenance.quarantined()) expect.unreachable();
    expect(await store.maintenance.sweepTemporary()).toEqual({ count: 0, bytes: 0 });
    expect(await store.maintenance.purgeQuarantine()).toEqual({ count: 0, bytes: 0 });
    expect(treeOf(base)).toEqual([]);
  });

  it("a relative directory means the working directory of the moment the store was made", async () => {
    const directory = newDirectory();
    const store = fileStore(relative(process.cwd(), directory));
    expect(store.directory).toBe(directory);
  });

  it("the directory is tagged as a cache", async () => {
    const directory = newDirectory();
    await fileStore(directory).put(name, bytesOf(1));
    expect(readFileSync(join(directory, "CACHEDIR.TAG"), "latin1").slice(0, 43)).toBe(
      "Signature: 8a477f597d28d172789f06886806bc55",
    );
  });

  it("a directory that holds other things is not tagged, or backups would leave them out", async () => {
    const directory = mkdtempSync(join(newBase(), "shared-"));
    writeFileSync(join(directory, "a document"), "");
    await fileStore(directory).put(name, bytesOf(1));
    const tags = treeOf(directory).filter((row) => row.includes("CACHEDIR.TAG"));
    expect(tags).toEqual([`${join("v1", "CACHEDIR.TAG")} 600`]);
  });

  it("a store opened without levels takes what is recorded", async () => {
    const directory = newDirectory();
    await fileStore(directory, { levels: 2 }).put(name, bytesOf(10));
    expect(await fileStore(directory).get(name)).toEqual(bytesOf(10));
    await fileStore(directory).put(nameOf("another"), bytesOf(20));
    expect(await fileStore(directory, { levels: 2 }).get(nameOf("another"))).toEqual(bytesOf(20));
  });

  it.each([
    [1, 2],
    [2, 1],
  ] as const)("a store of %d level(s) opened for %d is ERR_CACHE_LAYOUT for every call", async (made, asked) => {
    const directory = newDirectory();
    await fileStore(directory, { levels: made }).put(name, bytesOf(10));
    const store = fileStore(directory, { levels: asked });
    for (const call of [() => store.get(name), () => store.put(name, bytesOf(1)), () => store.stat(name)]) {
      expect((await failureOf(call())).code).toBe("ERR_CACHE_LAYOUT");
    }
    expect(await fileStore(directory).get(name)).toEqual(bytesOf(10));
  });

  it.each([
    ["nothing", ""],
    ["half a line", '{"version":1,'],
    ["another version", '{"version":2,"levels":1}\n'],
    ["impossible levels", '{"version":1,"levels":3}\n'],
    ["no text", "\xff\xfe\x00"],
    ["more than we wrote", `{"version":1,"levels":1}\n${" ".repeat(5000)}`],
  ])("a recorded layout that says %s is ERR_CACHE_LAYOUT, and stays as it is", async (_, text) => {
    const directory = newDirectory();
    await fileStore(directory).put(name, bytesOf(10));
    const layout = join(directory, "v1", "layout");
    writeFileSync(layout, text, "latin1");
    const store = fileStore(directory);
    expect((await failureOf(store.get(name))).code).toBe("ERR_CACHE_LAYOUT");
    expect((await failureOf(store.put(name, bytesOf(10)))).code).toBe("ERR_CACHE_LAYOUT");
    expect(readFileSync(layout, "latin1")).toBe(text);
  });

  it("a recorded layout that is a directory or a link is ERR_CACHE_LAYOUT", async () => {
    const directory = newDirectory();
    await fileStore(directory).put(name, bytesOf(10));
    const layout = join(directory, "v1", "layout");
    const other = join(newBase(), "elsewhere");
    writeFileSync(other, readFileSync(layout));
    rmSync(layout);
    symlinkSync(other, layout);
    expect((await failureOf(fileStore(directory).get(name))).code).toBe("ERR_CACHE_LAYOUT");
    rmSync(layout);
    mkdirSync(layout);
    expect((await failureOf(fileStore(directory).put(name, bytesOf(1)))).code).toBe("ERR_CACHE_LAYOUT");
  });

  it("what was removed under an open store is made again by the next put", async () => {
    const directory = newDirectory();
    const store = fileStore(directory);
    await store.put(name, bytesOf(10));
    for (const gone of ["v1/tmp", "v1/blobs", "v1/quarantine", "v1/layout", "v1", "."]) {
      rmSync(join(directory, gone), { recursive: true });
      await store.put(name, bytesOf(20));
      expect(await store.get(name)).toEqual(bytesOf(20));
      await store.delete(name, { quarantine: true });
      expect(await store.get(name)).toBeUndefined();
      await store.put(name, bytesOf(30), { ifAbsent: true });
      expect(await store.get(name)).toEqual(bytesOf(30));
    }
  });

  it("wrong options are a TypeError", () => {
    for (const levels of [0, 3, "1", null]) expect(() => fileStore("x", { levels: levels as 1 })).toThrow(TypeError);
    for (const path of ["", "a\0b", undefined, 7]) expect(() => fileStore(path as string)).toThrow(TypeError);
  });
});
