import {
  chmodSync,
  chownSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fileStore } from "../src/index.ts";
import { bytesOf, failureOf, nameOf, newBase, newDirectory, treeOf } from "./directories.ts";
import { Installed } from "./installed.ts";

const name = nameOf("a value");
const installed = new Installed();
const isRoot = process.geteuid?.() === 0;

/** A directory that is not ours. Who may give directories away makes one; anybody else finds one at the top. */
function foreignDirectory(): string {
  if (!isRoot) return "/";
  const directory = mkdtempSync(join(newBase(), "foreign-"));
  chownSync(directory, 12345, 12345);
  return directory;
}

async function everyCall(directory: string): Promise<string[]> {
  const store = fileStore(directory);
  const calls = [
    store.get(name),
    store.open(name),
    store.put(name, bytesOf(3)),
    store.put(name, bytesOf(3), { ifAbsent: true }),
    store.stat(name),
    store.delete(name),
    store.list("blobs")[Symbol.asyncIterator]().next(),
    store.maintenance.sweepTemporary(),
  ];
  const failures = await Promise.all(calls.map(failureOf));
  for (const { message } of failures) expect(message).toContain(directory);
  return [...new Set(failures.map(({ code }) => code ?? "none"))];
}

describe("privacy", () => {
  it.each(["000", "022", "077", "177"])("directories are 0700 and files 0600 under umask %s", async (umask) => {
    const directory = newDirectory();
    const { code, err } = await installed.run(
      `process.umask(0o${umask});
       const store = fileStore(args[0]);
       await store.put("${name}", new Uint8Array(10));
       await store.putStream({ headLength: 0, finish: () => ({ name: "${nameOf("s", "entries")}", head: new Uint8Array(0) }),
         body: (async function* () { yield new Uint8Array(3_000_000); })() });
       await store.put("${nameOf("q")}", new Uint8Array(10));
       await store.delete("${nameOf("q")}", { quarantine: true });`,
      { args: [directory] },
    );
    expect([code, err]).toEqual([0, ""]);
    expect(lstatSync(directory).mode & 0o777).toBe(0o700);
    const tree = treeOf(directory);
    expect(tree.length).toBeGreaterThan(10);
    for (const row of tree)
      expect(row).toMatch(lstatSync(join(directory, row.slice(0, -4))).isDirectory() ? / 700$/ : / 600$/);
  });

  it("a directory of another user is ERR_CACHE_UNSAFE_PATH for every call", async () => {
    expect(await everyCall(foreignDirectory())).toEqual(["ERR_CACHE_UNSAFE_PATH"]);
  });

  it.each([0o777, 0o1777, 0o770, 0o720, 0o702])(
    "a directory of mode %o that others can write to is refused",
    async (mode) => {
      const directory = mkdtempSync(join(newBase(), "open-"));
      chmodSync(directory, mode);
      expect(await everyCall(directory)).toEqual(["ERR_CACHE_UNSAFE_PATH"]);
      expect(treeOf(directory)).toEqual([]);
      expect(lstatSync(directory).mode & 0o7777).toBe(mode);
    },
  );

  it("a directory of ours that others can only read is used, its content private", async () => {
    const directory = mkdtempSync(join(newBase(), "readable-"));
    chmodSync(directory, 0o755);
    await fileStore(directory).put(name, bytesOf(3));
    expect(lstatSync(directory).mode & 0o777).toBe(0o755);
    expect(lstatSync(join(directory, "v1")).mode & 0o777).toBe(0o700);
  });

  it.each(["v1", "v1/tmp", "v1/blobs", "v1/entries", "v1/quarantine"])("%s is looked at too", async (inner) => {
    const directory = newDirectory();
    await fileStore(directory).put(name, bytesOf(3));
    chmodSync(join(directory, inner), 0o777);
    const failure = await failureOf(fileStore(directory).get(name));
    expect(failure.code).toBe("ERR_CACHE_UNSAFE_PATH");
    expect(failure.message).toContain(join(directory, inner));
    chmodSync(join(directory, inner), 0o700);
    expect(await fileStore(directory).get(name)).toEqual(bytesOf(3));
  });

  it("a link in place of a directory of the store is refused", async () => {
    const [directory, elsewhere] = [newDirectory(), newBase()];
    await fileStore(directory).put(name, bytesOf(3));
    rmSync(join(directory, "v1", "tmp"), { recursive: true });
    symlinkSync(elsewhere, join(directory, "v1", "tmp"));
    const failure = await failureOf(fileStore(directory).put(name, bytesOf(3)));
    expect(failure).toMatchObject({
      code: "ERR_CACHE_UNSAFE_PATH",
      message: expect.stringContaining("a symbolic link"),
    });
    expect(treeOf(elsewhere)).toEqual([]);
  });

  it("a file in place of the directory is refused", async () => {
    const file = join(newBase(), "file");
    writeFileSync(file, "");
    expect(await everyCall(file)).toEqual(["ERR_CACHE_UNSAFE_PATH"]);
  });

  it("links among the parents are followed, and a link of our own at the end", async () => {
    const base = newBase();
    mkdirSync(join(base, "real"));
    symlinkSync("real", join(base, "parent"));
    symlinkSync(join(base, "parent", "store"), join(base, "link"));
    await fileStore(join(base, "link")).put(name, bytesOf(3));
    expect(await fileStore(join(base, "parent", "store")).get(name)).toEqual(bytesOf(3));
    expect(await fileStore(join(base, "real", "store")).get(name)).toEqual(bytesOf(3));
  });

  it("a link that leads in a circle is refused", async () => {
    const path = join(newBase(), "circle");
    symlinkSync("circle", path);
    expect(await everyCall(path)).toEqual(["ERR_CACHE_UNSAFE_PATH"]);
  });
});

// Only root can give files away, or become somebody else.
if (isRoot) {
  describe("privacy between users", () => {
    it("a link that another user planted is refused, though it leads to a directory of ours", async () => {
      const [base, ours] = [newBase(), newBase()];
      symlinkSync(ours, join(base, "link"));
      lchownSync(join(base, "link"), 12345, 12345);
      expect(await everyCall(join(base, "link"))).toEqual(["ERR_CACHE_UNSAFE_PATH"]);
      expect(treeOf(ours)).toEqual([]);
    });

    it("another user's process refuses our directory, and cannot read it", async () => {
      const directory = newDirectory();
      await fileStore(directory).put(name, bytesOf(3));
      chmodSync(join(directory, ".."), 0o755);
      chmodSync(directory, 0o755);
      const { out } = await installed.run(
        `import { readdirSync } from "node:fs";
         for (const call of [() => fileStore(args[0]).get("${name}"), async () => readdirSync(args[0] + "/v1")]) {
           console.log(await call().then(() => "done", (error) => error.code));
         }`,
        { args: [directory], uid: 65534 },
      );
      expect(out).toBe("ERR_CACHE_UNSAFE_PATH\nEACCES\n");
    });
  });
}
