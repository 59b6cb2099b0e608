import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileStore } from "@cache/cas";
import type { Sealer, Store } from "@cache/core";
import { Keyring, MasterKey } from "@cache/core/keyring";
import { sealer } from "@cache/crypto-envelope";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";
import { cacheOver, directory, slots } from "./slots.ts";

const CONTENT = new Uint8Array(50_000).fill(5);
const ABSENT = "0".repeat(64);

/** The only stored content. */
function contentFile(root: string): string {
  const base = join(root, "v1", "blobs");
  const files = readdirSync(base, { recursive: true, encoding: "utf8" }).map((path) => join(base, path));
  const [file, ...more] = files.filter((path) => statSync(path).isFile());
  if (file === undefined || more.length > 0) throw new Error("there is not one file of content");
  return file;
}

function damage(path: string): void {
  const bytes = readFileSync(path);
  bytes[30_000] = (bytes[30_000] as number) ^ 99;
  writeFileSync(path, bytes);
}

/** The store, and how often it is asked for a whole value. */
function counted(store: Store): { store: Store; gets: () => number } {
  let gets = 0;
  const get: Store["get"] = (...args) => {
    gets += 1;
    return store.get(...args);
  };
  return { store: Object.assign(Object.create(store), { get }), gets: () => gets };
}

for (const [title, makeSlots] of Object.entries(slots)) {
  describe(`content of a ${title} cache`, () => {
    it("is put in the place of something longer, which is not read for that", async () => {
      const root = join(directory(), "store");
      const { store, gets } = counted(fileStore(root));
      const cache = cacheOver(store, makeSlots());
      const digest = await cache.blobs.put(CONTENT);
      writeFileSync(contentFile(root), new Uint8Array(200_000));
      const before = gets();
      await cache.blobs.put(CONTENT);
      expect(gets()).toBe(before);
      expect(await cache.blobs.get(digest)).toEqual(CONTENT);
    });

    it("is put again when it is there but old, so that no collector takes it from under the put", async () => {
      const root = join(directory(), "store");
      const cache = cacheOver(fileStore(root), makeSlots());
      await cache.blobs.put(CONTENT);
      const hourAgo = Date.now() / 1000 - 3600;
      utimesSync(contentFile(root), hourAgo, hourAgo);
      await cache.blobs.put(CONTENT);
      expect(Date.now() - statSync(contentFile(root)).mtimeMs).toBeLessThan(60_000);
    });

    it("that is damaged behind an entry makes it rejected, and no miss", async () => {
      const root = join(directory(), "store");
      const value = "v".repeat(80_000);
      const cache = cacheOver(fileStore(root), makeSlots());
      await cache.set("a", value);
      damage(contentFile(root));
      expect(await cache.lookup("a")).toMatchObject({ state: "rejected", code: "ERR_CACHE_AUTH" });
      await cache.set("a", value);
      damage(contentFile(root));
      const strict = cacheOver(fileStore(root), makeSlots(), { strict: true });
      await expect(strict.get("a")).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
    });

    it("that is damaged is thrown when strict, and is a miss otherwise", async () => {
      const root = join(directory(), "store");
      const slot = makeSlots();
      const cache = cacheOver(fileStore(root), slot);
      const digest = await cache.blobs.put(CONTENT);
      damage(contentFile(root));
      const strict = cacheOver(fileStore(root), slot, { strict: true });
      await expect(strict.blobs.get(digest)).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
      await cache.blobs.put(CONTENT);
      damage(contentFile(root));
      expect(await cache.blobs.get(digest)).toBeUndefined();
    });

    it("comes in pieces of bytes: text is refused, which a hash would take", async () => {
      const cache = cacheOver(memoryStore({ maxBytes: 1_000_000 }), makeSlots());
      const pieces = (async function* () {
        yield CONTENT;
        yield "text" as unknown as Uint8Array;
      })();
      await expect(cache.blobs.put(pieces)).rejects.toThrow(/a stream of content yields Uint8Array pieces/);
    });

    it("that is not there is nothing, as a whole and in part", async () => {
      const cache = cacheOver(fileStore(join(directory(), "store")), makeSlots());
      await cache.blobs.put(CONTENT);
      expect(await cache.blobs.open(ABSENT)).toBeUndefined();
      expect(await cache.blobs.open(ABSENT, { start: 1, end: 2 })).toBeUndefined();
    });

    it("has a digest of 64 lower-case hexadecimal digits, and nothing else is looked for", async () => {
      const cache = cacheOver(memoryStore({ maxBytes: 1_000_000 }), makeSlots());
      for (const digest of [
        "",
        "0".repeat(63),
        "0".repeat(65),
        "A".repeat(64),
        `${ABSENT}\n`,
        5,
        undefined,
        [ABSENT],
        Object(ABSENT),
      ]) {
        const asked = digest as unknown as string;
        for (const call of [cache.blobs.get(asked), cache.blobs.open(asked), cache.blobs.delete(asked)])
          await expect(call, String(digest)).rejects.toThrow(/a digest is 64 lower-case hexadecimal digits/);
      }
    });
  });
}

describe("a sealer of somebody else's", () => {
  it("that goes back in a stream it reads is stopped, and given no other bytes for those", async () => {
    const own = sealer(Keyring.of(MasterKey.generate()));
    const seal: Sealer = {
      ...own,
      async openStream(context, read, length) {
        await read(0, 100);
        await read(99, 200);
        return own.openStream(context, read, length);
      },
    };
    const cache = cacheOver(memoryStore({ maxBytes: 1_000_000 }), { seal });
    const digest = await cache.blobs.put(CONTENT);
    await expect(cache.blobs.open(digest)).rejects.toThrow(/a sequential reader does not go back/);
  });
});
