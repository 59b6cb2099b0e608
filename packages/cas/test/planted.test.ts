import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import type { Store } from "@cache/core";
import { collect } from "@cache/core/bytes";
import { describe, expect, it } from "vitest";
import { type FileStore, fileStore } from "../src/index.ts";
import {
  bytesOf,
  failureOf,
  fileOf,
  nameOf,
  namesIn,
  newBase,
  newDirectory,
  nextDescriptor,
  treeOf,
} from "./directories.ts";

const name = nameOf("a value");
const beside = nameOf("beside it");

interface Planted {
  readonly store: FileStore;
  readonly directory: string;
  /** Where the value of `name` would be. */
  readonly file: string;
}

async function planted(plant: (file: string) => unknown): Promise<Planted> {
  const directory = newDirectory();
  const store = fileStore(directory);
  await store.put(beside, bytesOf(5));
  const file = fileOf(directory, name);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  await plant(file);
  return { store, directory, file };
}

async function expectAbsent(store: Store): Promise<void> {
  expect(await store.get(name)).toBeUndefined();
  expect(await store.open(name)).toBeUndefined();
  expect(await store.stat(name)).toBeUndefined();
  expect(await namesIn(store, "blobs")).toEqual([beside]);
}

/** What {@link FileStore.maintenance} calls a plant. */
const wordFor = (what: string): string =>
  ["link", "directory", "FIFO", "socket"].find((word) => what.includes(`a ${word}`))?.toLowerCase() as string;

async function plantsOf(store: FileStore): Promise<unknown[]> {
  const rows: (readonly [string, string, string | undefined])[] = [];
  for await (const { path, what, name } of store.maintenance.planted()) rows.push([path, what, name]);
  return rows.sort(([a], [b]) => (a < b ? -1 : 1));
}

async function quarantinedIn(store: FileStore): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of store.maintenance.quarantined()) names.push(name ?? "no name");
  return names;
}

const PLANTS: readonly (readonly [string, (file: string) => unknown])[] = [
  ["a link to a file", (file) => symlinkSync(import.meta.filename, file)],
  ["a link to nothing", (file) => symlinkSync("/nowhere/at/all", file)],
  ["a link to itself", (file) => symlinkSync(file, file)],
  ["a link to an endless device", (file) => symlinkSync("/dev/zero", file)],
  ["a FIFO", (file) => execFileSync("mkfifo", [file])],
  ["a directory", (file) => mkdirSync(file)],
  ["a directory with something in it", (file) => mkdirSync(join(file, "inner"), { recursive: true })],
  ["a socket", (file) => new Promise<void>((resolve) => void createServer().unref().listen(file, resolve))],
];

describe("what somebody planted under a name", () => {
  it.each(PLANTS)("%s is as good as absent, at once, and leaves no descriptor open", async (_, plant) => {
    const { store } = await planted(plant);
    const before = nextDescriptor();
    await expectAbsent(store);
    expect(nextDescriptor()).toBe(before);
  });

  it("a file whose name is not quite that of a value is no value", async () => {
    const { store, file } = await planted((path) => writeFileSync(path, "whole"));
    for (const other of [file.slice(0, -1), `${file}0`, `${file.slice(0, -1)}g`, file.toUpperCase()]) {
      mkdirSync(dirname(other), { recursive: true });
      copyFileSync(file, other);
    }
    expect((await namesIn(store, "blobs")).sort()).toEqual([beside, name].sort());
  });

  it.each(PLANTS)("%s is replaced by a put, and where it led to is left alone", async (_, plant) => {
    const { store, file } = await planted(plant);
    await store.put(name, bytesOf(10));
    expect(await store.get(name)).toEqual(bytesOf(10));
    expect(lstatSync(file).isFile()).toBe(true);
    expect(readFileSync(import.meta.filename, "utf8")).toContain("left alone");
  });

  it.each(PLANTS)("%s is replaced by a put that must come first", async (_, plant) => {
    const { store } = await planted(plant);
    expect(await store.put(name, bytesOf(10), { ifAbsent: true })).toEqual({ written: true });
    expect(await store.put(name, bytesOf(20), { ifAbsent: true })).toEqual({ written: false });
    expect(await store.get(name)).toEqual(bytesOf(10));
  });

  it.each(PLANTS)("%s is taken away by delete, and set aside by quarantine", async (_, plant) => {
    for (const quarantine of [false, true]) {
      const { store, file } = await planted(plant);
      await store.delete(name, { quarantine });
      expect(existsSync(file)).toBe(false);
      expect(() => lstatSync(file)).toThrow();
    }
  });

  it("a directory is set aside with all it holds, and links in it are not followed when it is purged", async () => {
    const outside = newBase();
    writeFileSync(join(outside, "kept"), "kept");
    const { store, directory } = await planted((path) => {
      mkdirSync(path);
      symlinkSync(outside, join(path, "link"));
    });
    await store.put(name, bytesOf(10));
    expect(await store.get(name)).toEqual(bytesOf(10));
    expect(treeOf(join(directory, "v1", "tmp"))).toEqual([]);
    const aside: string[] = [];
    for await (const each of store.maintenance.quarantined()) aside.push(each.name ?? "no name");
    expect(aside).toEqual([name]);
    expect(await store.maintenance.purgeQuarantine()).toMatchObject({ count: 1 });
    expect(readFileSync(join(outside, "kept"), "utf8")).toBe("kept");
  });

  it.each(PLANTS.filter(([what]) => !what.includes("directory")))(
    "%s in the place of the directory of values: nothing is read, written or removed through it",
    async (_, plant) => {
      const { directory, file } = await planted(() => undefined);
      const store = fileStore(directory);
      rmSync(dirname(file), { recursive: true });
      await plant(dirname(file));
      await expectAbsent(store);
      await store.delete(name);
      await store.put(name, bytesOf(10));
      expect(await store.get(name)).toEqual(bytesOf(10));
      expect(lstatSync(dirname(file)).isDirectory()).toBe(true);
    },
  );

  it.each(PLANTS)(
    "%s is reported by maintenance until a put has replaced it, and what was set aside is counted",
    async (what, plant) => {
      const { store, file } = await planted(plant);
      expect(await plantsOf(store)).toEqual([[file, wordFor(what), name]]);
      await store.put(name, bytesOf(10));
      expect(await plantsOf(store)).toEqual([]);
      expect(await quarantinedIn(store)).toEqual(what.includes("directory") ? [name] : []);
    },
  );

  it.each(PLANTS.filter(([what]) => !what.includes("directory")))(
    "%s in the place of the directory of values is reported, set aside by a put, and counted there",
    async (what, plant) => {
      for (const known of [true, false]) {
        const { store: user, directory, file } = await planted(() => undefined);
        if (known) await user.put(name, bytesOf(3));
        const store = known ? user : fileStore(directory);
        rmSync(dirname(file), { recursive: true });
        await plant(dirname(file));
        expect(await plantsOf(store)).toEqual([[dirname(file), wordFor(what), undefined]]);
        await store.put(name, bytesOf(10));
        expect(await plantsOf(store)).toEqual([]);
        expect(await quarantinedIn(store)).toEqual([name]);
      }
    },
  );

  it("stray files and directories are reported, values and their directories are not, and no link is followed", async () => {
    for (const levels of [1, 2] as const) {
      const directory = newDirectory();
      const store = fileStore(directory, { levels });
      expect(await plantsOf(store)).toEqual([]);
      await store.put(name, bytesOf(5));
      await store.put(nameOf("an entry", "entries"), bytesOf(5));
      expect(await plantsOf(store)).toEqual([]);
      const blobs = join(directory, "v1", "blobs");
      const outside = newBase();
      writeFileSync(join(outside, "inner"), "");
      mkdirSync(join(blobs, "zz"));
      symlinkSync(outside, join(blobs, "link"));
      writeFileSync(join(blobs, name.slice(6, 8), "README"), "");
      const hex = name.slice(6);
      const longer = join(blobs, hex.slice(0, 2), ...(levels === 2 ? [hex.slice(2, 4)] : []), `${hex}0`);
      copyFileSync(longer.slice(0, -1), longer);
      const plants = [
        [join(blobs, name.slice(6, 8), "README"), "file", undefined],
        [longer, "file", undefined],
        [join(blobs, "link"), "link", undefined],
        [join(blobs, "zz"), "directory", undefined],
      ];
      expect(await plantsOf(store)).toEqual(plants.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
    }
  });

  // Other systems have no such names.
  it.runIf(process.platform === "linux")("a name that is no text is reported", async () => {
    const directory = newDirectory();
    const store = fileStore(directory);
    await store.put(name, bytesOf(5));
    const blobs = join(directory, "v1", "blobs");
    writeFileSync(Buffer.concat([Buffer.from(`${blobs}/`), Buffer.of(0xff, 0xfe, 0x41)]), "");
    expect(await plantsOf(store)).toEqual([[join(blobs, "\ufffd\ufffdA"), "file", undefined]]);
  });

  it("a link to a directory, in the place of one of ours, leads nothing outside", async () => {
    for (const levels of [1, 2] as const) {
      const directory = newDirectory();
      await fileStore(directory, { levels }).put(name, bytesOf(5));
      const outside = newBase();
      const hex = name.slice(6);
      const first = join(directory, "v1", "blobs", hex.slice(0, 2));
      writeFileSync(join(outside, hex), bytesOf(20));
      rmSync(first, { recursive: true });
      symlinkSync(outside, first);
      const store = fileStore(directory, { levels });
      expect(await store.get(name)).toBeUndefined();
      expect(await store.stat(name)).toBeUndefined();
      expect(await namesIn(store, "blobs")).toEqual([]);
      await store.delete(name);
      await store.put(name, bytesOf(10));
      expect(await store.get(name)).toEqual(bytesOf(10));
      expect(readdirSync(outside)).toEqual([hex]);
      expect(readFileSync(join(outside, hex))).toEqual(Buffer.from(bytesOf(20)));
    }
  });

  it("a link to a directory that takes the place of one in use is not written, removed or, after a second, read through", async () => {
    const { store, file } = await planted(() => undefined);
    await store.put(name, bytesOf(5));
    const outside = newBase();
    const plant = () => {
      rmSync(dirname(file), { recursive: true });
      symlinkSync(outside, dirname(file));
    };
    writeFileSync(join(outside, name.slice(6)), bytesOf(20));
    plant();
    await store.delete(name);
    await store.put(name, bytesOf(10));
    expect(await store.get(name)).toEqual(bytesOf(10));
    plant();
    await new Promise((resolve) => setTimeout(resolve, 1050));
    await expectAbsent(store);
    expect(readFileSync(join(outside, name.slice(6)))).toEqual(Buffer.from(bytesOf(20)));
    expect(readdirSync(outside)).toEqual([name.slice(6)]);
  });

  it("a directory of values that others can write to is refused by name", async () => {
    const { directory, file } = await planted(() => undefined);
    chmodSync(dirname(file), 0o777);
    const store = fileStore(directory);
    for (const call of [() => store.get(name), () => store.put(name, bytesOf(1)), () => store.delete(name)]) {
      const failure = await failureOf(call());
      expect(failure.code).toBe("ERR_CACHE_UNSAFE_PATH");
      expect(failure.message).toContain(dirname(file));
    }
  });

  it("stray files are in nobody's way and in no listing", async () => {
    const { store, directory } = await planted((file) => writeFileSync(`${file}.bak`, "x"));
    const inner = join(directory, "v1", "blobs");
    const hex = name.slice(6);
    mkdirSync(join(inner, "zz"));
    mkdirSync(join(inner, "00"));
    for (const stray of ["README", "zz/file", `zz/${hex}`, `00/${hex}`, `${hex.slice(0, 2)}/${hex.slice(1)}`]) {
      writeFileSync(join(inner, stray), "stray");
    }
    await expectAbsent(store);
  });
});

describe("what became of a value", () => {
  it("a put over damaged content replaces it", async () => {
    const directory = newDirectory();
    const store = fileStore(directory);
    for (const damage of [
      () => truncateSync(fileOf(directory, name), 3),
      () => writeFileSync(fileOf(directory, name), "other"),
    ]) {
      await store.put(name, bytesOf(100));
      damage();
      expect(await store.get(name)).not.toEqual(bytesOf(100));
      await store.put(name, bytesOf(100));
      expect(await store.get(name)).toEqual(bytesOf(100));
    }
  });

  it("a file that is cut short while it is being read ends the iteration with ERR_CACHE_STORE, not cleanly", async () => {
    const directory = newDirectory();
    const store = fileStore(directory);
    await store.put(name, bytesOf(4_000_000));
    const before = nextDescriptor();
    const pieces = (await store.open(name)) as AsyncIterable<Uint8Array>;
    truncateSync(fileOf(directory, name), 1_500_000);
    expect((await failureOf(collect(pieces))).code).toBe("ERR_CACHE_STORE");
    expect(nextDescriptor()).toBe(before);
  });

  it("a store moved to another place still opens", async () => {
    const base = newBase();
    await fileStore(join(base, "here")).put(name, bytesOf(10));
    execFileSync("mv", [join(base, "here"), join(base, "there")]);
    expect(await fileStore(join(base, "there")).get(name)).toEqual(bytesOf(10));
    rmSync(join(base, "there"), { recursive: true });
  });
});

describe("a store in use", () => {
  const replaceByFile = (path: string) => {
    rmSync(path, { recursive: true });
    writeFileSync(path, "");
  };

  it.each(["", "v1", join("v1", "blobs")])(
    "whose directory %j became a file has failed, and lost nothing",
    async (part) => {
      const directory = newDirectory();
      const store = fileStore(directory);
      await store.put(beside, bytesOf(3));
      replaceByFile(join(directory, part));
      for (const call of [() => store.get(name), () => store.stat(name), () => store.open(name)]) {
        expect(await failureOf(call())).toMatchObject({ code: "ERR_CACHE_UNSAFE_PATH" });
      }
      const listing = (async () => {
        for await (const _ of store.list("blobs"));
      })();
      expect(await failureOf(listing)).toMatchObject({ code: "ERR_CACHE_UNSAFE_PATH" });
    },
  );

  it("whose directory others may write to by now is used no more", async () => {
    const directory = newDirectory();
    const store = fileStore(directory);
    await store.put(name, bytesOf(4));
    chmodSync(directory, 0o777);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    for (const call of [() => store.get(name), () => store.put(name, bytesOf(5))]) {
      expect(await failureOf(call())).toMatchObject({ code: "ERR_CACHE_UNSAFE_PATH" });
    }
    chmodSync(directory, 0o700);
    expect(await store.get(name)).toEqual(bytesOf(4));
  });
});
