import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createCache } from "@cache/core";
import { contentAt, type FileCache, fileCache, takePlace } from "@cache/files";
import { memoryStore } from "@cache/memory";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { described, fresh, make } from "./directories.ts";

const filesOf = () => fileCache(createCache({ store: memoryStore({ maxBytes: "64MB" }), namespace: "test" }));

/** As another process would have them: its modules are its own. */
async function anotherFiles(): Promise<FileCache> {
  vi.resetModules();
  const { fileCache: another } = await import("@cache/files");
  return another(createCache({ store: memoryStore({ maxBytes: "64MB" }), namespace: "test" }));
}

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

  it.each([
    ["caches of one process", async () => filesOf()],
    // Each with its own memory of whose turn it is, as processes have it; they meet at the locks.
    ["caches that know nothing of each other", anotherFiles],
  ])("restore one place in many %s, and none fails", async (_, newFiles) => {
    const root = make(fresh(), { "one/a": "one", "two/b": "two" });
    const all = await Promise.all(
      Array.from({ length: 64 }, async (_none, at) => {
        const files = await newFiles();
        await files.put("k", join(root, at % 2 === 0 ? "one" : "two"));
        return files;
      }),
    );
    const outcomes = await Promise.all(all.map((files) => files.restore("k", join(root, "to"), { replace: true })));
    for (const { state } of outcomes) expect(state).toBe("hit");
    expect(readdirSync(root).sort()).toEqual(["one", "to", "two"]);
  });

  it("make things at one place in two processes, one after the other and none in what another makes", async () => {
    const path = join(fresh(), "to");
    let inside = 0;
    const making = async (name: string) => {
      expect(++inside).toBe(1);
      make(path, { [name]: "first half" });
      for (let at = 0; at < 20; at++) await new Promise(setImmediate);
      writeFileSync(join(path, `${name}2`), "second half");
      inside -= 1;
    };
    const both = [await anotherFiles(), await anotherFiles()] as const;
    await Promise.all(both.map((files, at) => files.restoreOrMake("k", path, () => making(`${at}`))));
    for (const [at, files] of both.entries()) {
      await files.restore("k", path, { replace: true });
      expect(described(path)).toEqual({ [`${at}`]: "first half", [`${at}2`]: "second half" });
    }
  });

  it("take a turn within a turn without waiting for themselves", async () => {
    const files = await four();
    const path = join(fresh(), "to");
    const made = await files.restoreOrMake("k", path, async () => {
      expect(await files.restore("one", path)).toMatchObject({ state: "hit" });
    });
    expect(made.state).toBe("made");
    expect(await takePlace(path, () => takePlace(`${path}/`, async (turn) => turn.isHeld()))).toBe(true);
    const included = await takePlace(path, async (turn) => {
      await turn.include(process.pid);
      return turn.isHeld();
    });
    expect(included).toBe(true);
  });

  it("store nothing where no lock can be had, and have what was made", async () => {
    const [files, path, root] = [filesOf(), join(fresh(), "to"), make(fresh(), { file: "" })];
    vi.stubEnv("TMPDIR", join(root, "file"));
    onTestFinished(() => void vi.unstubAllEnvs());
    const made = await files.restoreOrMake("k", path, () => void make(path, { a: "" }));
    expect(made).toMatchObject({ state: "unstored", files: { kind: "directory", files: 1 } });
    expect(await files.lookup("k")).toEqual({ state: "miss" });
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

it("a place that somebody takes while a file is restored stays theirs", async () => {
  const files = await four();
  const path = join(fresh(), "to");
  const taking = () => writeFileSync(path, "theirs");
  const restoring = files.restore("first", path, { onProgress: taking });
  await expect(restoring).rejects.toMatchObject({ code: "ERR_CACHE_UNSAFE_PATH" });
  expect(readFileSync(path, "utf8")).toBe("theirs");
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

describe("what is made of something that changes meanwhile", () => {
  it("is there, and is not stored under the key of what it was", async () => {
    const files = filesOf();
    const root = make(fresh(), { "src/a": "1", "src/log": "" });
    const [src, path] = [join(root, "src"), join(root, "out")];
    const exclude = (each: string) => each === "log";
    const build = async (change: () => void) => {
      const of = await contentAt(src, { exclude });
      const making = () => {
        change();
        make(path, { a: readFileSync(join(src, "a"), "utf8") });
      };
      return files.restoreOrMake(of.digest, path, making, { of });
    };
    const changed = await build(() => writeFileSync(join(src, "a"), "2"));
    expect(changed.state).toBe("unstored");
    expect(described(path)).toEqual({ a: "2" });
    writeFileSync(join(src, "a"), "1");
    expect((await build(() => writeFileSync(join(src, "log"), "does not count"))).state).toBe("made");
    expect(described(path)).toEqual({ a: "1" });
    expect((await build(() => expect.fail("it was made"))).state).toBe("hit");
  });

  it.each<[string, (path: string) => void]>([
    ["is gone", (path) => rmSync(path, { recursive: true })],
    ["cannot be kept any more", (path) => symlinkSync("/etc", join(path, "link"))],
  ])("is not stored when that %s", async (_, change) => {
    const files = filesOf();
    const root = make(fresh(), { "one/a": "1", "two/a": "2" });
    const of = [await contentAt(join(root, "one")), await contentAt(join(root, "two"))];
    const path = join(root, "out");
    const making = () => {
      change(join(root, "two"));
      make(path, { a: "" });
    };
    expect((await files.restoreOrMake("k", path, making, { of })).state).toBe("unstored");
    expect(await files.lookup("k")).toEqual({ state: "miss" });
  });
});

it("a link with a slash behind it is removed itself, and nothing of what it led to is stored", async () => {
  const files = filesOf();
  const root = make(fresh(), { "real/old": "", dist: { link: "real" } });
  const path = join(root, "dist");
  await files.restoreOrMake("k", `${path}/`, () => void make(path, { new: "" }));
  expect(described(root)).toEqual({ real: null, "real/old": "", dist: null, "dist/new": "" });
  rmSync(path, { recursive: true });
  await files.restore("k", path);
  expect(described(path)).toEqual({ new: "" });
});
