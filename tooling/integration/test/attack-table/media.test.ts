import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { fileStore } from "@cache/cas";
import { isCacheError, type Store } from "@cache/core";
import { cacheOver, directory, slots } from "../slots.ts";
import { tryAttack } from "./attack.ts";
import { stored } from "./files.ts";

/** Something that keeps what a program computes. */
interface Keeping {
  readonly root: string;
  /** The result that is kept, or else the computed one. */
  compute(key: string, compute: () => string): Promise<string>;
}

const FULL = ["ENOSPC", "EROFS", "EDQUOT", "EIO"] as const;

/** A store on a medium that takes nothing. */
function unwritable(store: Store, code: string): Store {
  const refuse = () => Promise.reject(Object.assign(new Error(`${code}: nothing can be written`), { code }));
  return { ...store, put: refuse, putStream: refuse, delete: refuse };
}

tryAttack<(code: string) => Keeping>({
  title: "A18: a full or read-only disk",
  async run(make) {
    for (const code of FULL) {
      const outcome = await make(code)
        .compute("a", () => "computed")
        .catch(String);
      if (outcome !== "computed") return `succeeded: the program has no result: ${outcome}`;
    }
    return "stopped";
  },
  ours: Object.fromEntries(
    Object.entries(slots).map(([slot, make]) => [
      slot,
      () => (code: string) => {
        const root = join(directory(), "store");
        const cache = cacheOver(unwritable(fileStore(root), code), make());
        return { root, compute: (key, compute) => cache.getOrSet(key, compute) as Promise<string> };
      },
    ]),
  ),
  weak: {
    "a cache whose failure is the program's": () => (code) => ({
      root: "",
      compute: () => Promise.reject(Object.assign(new Error(code), { code })),
    }),
  },
});

/** A program that keeps something in a directory. */
type Use = (root: string) => Promise<unknown>;

tryAttack<Use>({
  title: "A19: the directory belongs to another user",
  async run(use) {
    const root = join(directory(), "store");
    await use(root);
    const isRoot = process.geteuid?.() === 0;
    // Who is not root has directories of root for this.
    if (isRoot) chownSync(root, 12345, 12345);
    try {
      await use(isRoot ? root : "/etc");
      return "succeeded: it is used all the same";
    } catch (error) {
      return isCacheError(error, "ERR_CACHE_UNSAFE_PATH") ? "stopped" : `succeeded: ${error}`;
    }
  },
  ours: {
    "a file store": () => async (root) => {
      const cache = cacheOver(fileStore(root), {});
      await cache.set("a", 1);
      await cache.get("a");
    },
  },
  weak: {
    "a directory that is used as it is found": () => async (root) => {
      if (!existsSync(root)) mkdirSync(root);
      if (root !== "/etc") writeFileSync(join(root, "a"), "1");
    },
  },
});

/** Keeps results as compressed files, and unpacks them as they are. */
const compressedFiles = (): Keeping => {
  const root = directory();
  return {
    root,
    async compute(key, compute) {
      const path = join(root, key);
      if (existsSync(path)) return gunzipSync(readFileSync(path)).toString();
      const value = compute();
      writeFileSync(path, gzipSync(value));
      return value;
    },
  };
};

tryAttack<Keeping>({
  title: "A20: the cache is lost or corrupt",
  async run({ root, compute }) {
    const ways = [
      (path: string) => writeFileSync(path, "garbage"),
      (path: string) => writeFileSync(path, ""),
      (path: string) => rmSync(path),
      (path: string) => {
        rmSync(path);
        mkdirSync(path);
      },
    ];
    try {
      for (const spoil of ways) {
        if ((await compute("a", () => "computed")) !== "computed") return "succeeded: another result";
        for (const path of stored(root)) spoil(path);
        if ((await compute("a", () => "computed")) !== "computed") return "succeeded: another result";
      }
      rmSync(root, { recursive: true });
      return (await compute("a", () => "anew")) === "anew" ? "stopped" : "succeeded: another result";
    } catch (error) {
      return `succeeded: the program has no result: ${error}`;
    }
  },
  ours: Object.fromEntries(
    Object.entries(slots).map(([slot, make]) => [
      slot,
      () => {
        const root = join(directory(), "store");
        const cache = cacheOver(fileStore(root), make());
        return {
          root,
          compute: (key: string, compute: () => string) => cache.getOrSet(key, compute) as Promise<string>,
        };
      },
    ]),
  ),
  weak: { "compressed files that are unpacked as they are": compressedFiles },
});
