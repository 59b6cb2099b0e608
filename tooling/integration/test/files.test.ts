import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fileStore } from "@cache/cas";
import type { CacheEvent, Store } from "@cache/core";
import { collectGarbage, transferEntries, verifyStore } from "@cache/core/maintenance";
import { fileCache } from "@cache/files";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";
import { cacheOver, directory, slots, stores, strangers } from "./slots.ts";

const every = Object.keys(stores).flatMap((store) => Object.keys(slots).map((slot) => [store, slot] as const));
const DAY = 86_400_000;
const TEXT = "the text of a file that is nowhere else. ";

/** A directory with small files and one that is content of its own. */
function project(): string {
  const root = join(directory(), "secret-project");
  mkdirSync(join(root, "secret-directory"), { recursive: true });
  for (let at = 0; at < 20; at++) writeFileSync(join(root, "secret-directory", `secret-${at}`), TEXT.repeat(100 + at));
  writeFileSync(join(root, "large"), TEXT.repeat(30_000));
  return root;
}

const read = (root: string): Record<string, string> =>
  Object.fromEntries(
    filesIn(root).map((path) => [
      path,
      createHash("sha256")
        .update(readFileSync(join(root, path)))
        .digest("hex"),
    ]),
  );

function filesIn(root: string): string[] {
  const all = readdirSync(root, { recursive: true, encoding: "utf8" });
  return all.filter((path) => statSync(join(root, path)).isFile()).sort();
}

describe.each(every)("files in a cache, %s, %s", (where, kind) => {
  const slot = slots[kind] as () => object;
  const newStore = stores[where] as () => Store;

  it("come back in another process's cache, and nothing else is told", async () => {
    const [store, from] = [newStore(), project()];
    const put = await fileCache(cacheOver(store, slot())).put("build", from);
    const events: CacheEvent[] = [];
    const to = join(directory(), "to");
    const reader = fileCache(cacheOver(store, slot(), { onEvent: (event) => events.push(event) }));
    expect(await reader.restore("build", to)).toEqual({ state: "hit", files: put });
    expect(read(to)).toEqual(read(from));
    expect(events.filter(({ type }) => type !== "hit")).toEqual([]);
  });

  it("outlive a collection, verify, and come along in a transfer", async () => {
    const [store, from] = [newStore(), project()];
    const cache = cacheOver(store, slot());
    await fileCache(cache).put("build", from);
    const later = { store, ...slot(), now: () => Date.now() + 40 * DAY };
    expect(await collectGarbage(later)).toMatchObject({ unreferencedBlobs: 0 });
    expect(await verifyStore({ store, ...slot() })).toMatchObject({ damaged: 0, missing: 0, orphaned: 0 });
    const target = { store: memoryStore({ maxBytes: "64MB" }), ...(slots["sealed and signed"] as () => object)() };
    expect(await transferEntries({ from: { store, ...slot() }, to: target })).toMatchObject({ copied: 1, refused: 0 });
    const to = join(directory(), "to");
    expect(
      await fileCache(cacheOver(target.store, (slots["sealed and signed"] as () => object)())).restore("build", to),
    ).toMatchObject({ state: "hit" });
    expect(read(to)).toEqual(read(from));
  });

  it.skipIf(kind === "plain")("are a miss for whoever has other keys, and stay", async () => {
    const [store, from] = [newStore(), project()];
    await fileCache(cacheOver(store, slot())).put("build", from);
    const to = join(directory(), "to");
    const stranger = fileCache(cacheOver(store, (strangers[kind] as () => object)()));
    expect((await stranger.restore("build", to)).state).not.toBe("hit");
    expect(readdirSync(join(to, ".."))).toEqual([]);
    expect(await fileCache(cacheOver(store, slot())).restore("build", to)).toMatchObject({ state: "hit" });
  });
});

describe.each(Object.keys(slots))("files in a directory, %s", (kind) => {
  const slot = slots[kind] as () => object;

  it("with a flipped bit in anything that is stored are put in no place, or come back as they were", async () => {
    const [path, from] = [join(directory(), "store"), project()];
    const original = read(from);
    const write = fileCache(cacheOver(fileStore(path), slot()));
    await write.put("build", from);
    const stored = filesIn(path).filter((each) => /(?:blobs|entries)\//.test(each));
    expect(stored.length).toBeGreaterThanOrEqual(3);
    for (const each of stored) {
      const bytes = readFileSync(join(path, each));
      const spoiled = Uint8Array.from(bytes);
      spoiled[spoiled.byteLength >> 1] = (spoiled[spoiled.byteLength >> 1] as number) ^ 1;
      writeFileSync(join(path, each), spoiled);
      const around = directory();
      const found = await fileCache(cacheOver(fileStore(path), slot())).restore("build", join(around, "to"));
      expect([each, found.state]).not.toEqual([each, "hit"]);
      expect(readdirSync(around)).toEqual([]);
      // The next put heals it.
      await write.put("build", from);
      await fileCache(cacheOver(fileStore(path), slot())).restore("build", join(around, "to"));
      expect(read(join(around, "to"))).toEqual(original);
    }
  });

  it.runIf(kind.startsWith("sealed"))("leave neither content nor names in clear", async () => {
    const [path, from] = [join(directory(), "store"), project()];
    await fileCache(cacheOver(fileStore(path), slot())).put("secret-key", from);
    const digests = Object.values(read(from));
    for (const each of filesIn(path)) {
      const bytes = readFileSync(join(path, each));
      for (const mark of [TEXT, "secret-", ...digests, ...digests.map((digest) => Buffer.from(digest, "hex"))])
        expect(bytes.indexOf(mark)).toBe(-1);
    }
  });
});

it("files: what a process that is killed while it restores leaves is whole, or under no name that was asked for", async () => {
  const [path, from, place] = [join(directory(), "store"), project(), directory()];
  const original = read(from);
  await fileCache(cacheOver(fileStore(path), {})).put("build", from);
  for (let round = 0; round < 8; round++) {
    const around = join(place, `${round}`);
    const program = fileURLToPath(new URL("./files-restorer.mjs", import.meta.url));
    // What was built runs, without the conditions by which tests find the sources.
    const child = fork(program, [path, "build", around], { execArgv: [] });
    await once(child, "message");
    setTimeout(() => child.kill("SIGKILL"), round * 3);
    await once(child, "exit");
    const restored = readdirSync(around).filter((name) => !name.startsWith("."));
    expect(restored.length).toBeGreaterThan(0);
    for (const name of restored) expect(read(join(around, name))).toEqual(original);
  }
});
