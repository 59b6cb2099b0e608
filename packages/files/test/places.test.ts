import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createCache } from "@cache/core";
import { fileCache } from "@cache/files";
import { memoryStore } from "@cache/memory";
import { describe, expect, it, onTestFinished } from "vitest";
import { described, fresh, make } from "./directories.ts";

const filesOf = () => fileCache(createCache({ store: memoryStore({ maxBytes: "64MB" }), namespace: "test" }));

/** Two trees and two files, each under the name of what is in it. */
async function four() {
  const files = filesOf();
  const root = make(fresh(), { "one/a": "one", "two/b": "two", first: "first", second: "second" });
  for (const name of ["one", "two", "first", "second"]) await files.put(name, join(root, name));
  return files;
}

describe("several at once", () => {
  it("restore one place, each with what it asked for, and the last one stays", async () => {
    const files = await four();
    const root = fresh();
    for (let round = 0; round < 60; round++) {
      const both = (["one", "two"] as const).map((key) => files.restore(key, join(root, "to"), { replace: true }));
      for (const found of await Promise.all(both)) expect(found.state).toBe("hit");
      expect([{ a: "one" }, { b: "two" }]).toContainEqual(described(join(root, "to")));
      expect(readdirSync(root)).toEqual(["to"]);
    }
  });

  it("restore a file where none was: one comes first, and the others replace nothing", async () => {
    const files = await four();
    for (let round = 0; round < 60; round++) {
      const root = fresh();
      const both = (["first", "second"] as const).map((key) => files.restore(key, join(root, "to")));
      const outcomes = await Promise.allSettled(both);
      const refused = outcomes.filter(({ status }) => status === "rejected") as PromiseRejectedResult[];
      expect(refused.map(({ reason }) => reason.code)).toEqual(["ERR_CACHE_UNSAFE_PATH"]);
      expect(readdirSync(root)).toEqual(["to"]);
    }
  });

  it("make what is missing, and all of them have it", async () => {
    const files = filesOf();
    const path = join(fresh(), "to");
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => files.restoreOrMake("k", path, () => void make(path, { a: "made" }))),
    );
    for (const { state } of outcomes) expect(["hit", "made"]).toContain(state);
    expect(described(path)).toEqual({ a: "made" });
  });
});

describe("a place that others take again and again", () => {
  it("costs nobody what was there: it is there, or where the error says", async () => {
    const files = await four();
    for (let round = 0; round < 20; round++) {
      const root = fresh();
      const path = join(root, "to");
      make(path, { precious: "mine" });
      let goesOn = true;
      const disturbing = (async () => {
        while (goesOn) {
          // It is moved away under these steps, which fail then.
          await mkdir(path, { recursive: true }).catch(() => undefined);
          await writeFile(join(path, "log"), "").catch(() => undefined);
        }
      })();
      const failed = await files.restore("one", path, { replace: true }).then(
        ({ state }) => void expect(state).toBe("hit"),
        (error: unknown) => error,
      );
      goesOn = false;
      await disturbing;
      if (failed === undefined) continue;
      expect(failed).toMatchObject({ code: "ERR_CACHE_STORE" });
      const kept = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((each) => each.endsWith("precious"));
      expect(kept).toHaveLength(1);
    }
  });
});

describe("the working directory", () => {
  it("is not replaced, by whatever way it is named", async () => {
    const files = await four();
    const before = process.cwd();
    onTestFinished(() => process.chdir(before));
    const root = realpathSync(fresh());
    mkdirSync(join(root, "a:b/inner"), { recursive: true });
    symlinkSync("a:b", join(root, "link"));
    process.chdir(join(root, "a:b/inner"));
    for (const place of [".", "..", "../..", join(root, "a:b"), join(root, "link/inner"), "/"]) {
      const restoring = files.restore("one", place, { replace: true });
      await expect(restoring, place).rejects.toMatchObject({ code: "ERR_CACHE_UNSAFE_PATH" });
      const making = files.restoreOrMake("none", place, () => expect.fail("it was made"));
      await expect(making, place).rejects.toMatchObject({ code: "ERR_CACHE_UNSAFE_PATH" });
    }
    expect(existsSync(join(root, "a:b/inner"))).toBe(true);
  });
});

it("a place below a file cannot be looked at, and is not taken for a free one", async () => {
  const files = await four();
  const root = make(fresh(), { file: "" });
  await expect(files.restore("one", join(root, "file/to"))).rejects.toThrow(/looking at the place .*ENOTDIR/);
});

describe("a name", () => {
  it("may be as long as names are", async () => {
    const files = await four();
    const root = fresh();
    for (const name of ["n".repeat(250), "é".repeat(120)])
      expect(await files.restore("one", join(root, name))).toMatchObject({ state: "hit" });
  });
});

describe("what is made anew", () => {
  it("holds nothing of an older result, unless that was to be kept", async () => {
    const files = filesOf();
    const path = join(fresh(), "out");
    make(path, { old: "of an older source" });
    await files.restoreOrMake("k", path, () => void make(path, { new: "" }));
    expect(described(path)).toEqual({ new: "" });
    await files.restoreOrMake("other", path, () => writeFileSync(join(path, "more"), ""), { keep: true });
    expect(described(path)).toEqual({ new: "", more: "" });
    rmSync(path, { recursive: true });
    await files.restoreOrMake("k", path, () => expect.fail("it was made"));
    expect(described(path)).toEqual({ new: "" });
  });
});
