import { lstatSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { openCache } from "../caches.ts";
import { censusOf } from "../census.ts";
import { type Attack, entryPath, look, target, valueFiles } from "./scene.ts";

function flip(path: string, offset: number): void {
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(offset) ^ 1, offset);
  writeFileSync(path, bytes);
}

/** One bit of an entry is changed. */
export const flipEntry: Attack = {
  title: "flip a bit in an entry",
  deed: "changes one bit in the last byte of an entry's file",
  promise: "every byte is authenticated, so the entry is refused and set aside",
  expected: ["rejected ERR_CACHE_AUTH"],
  async perform(scene) {
    const file = target(scene, 1);
    const path = await entryPath(scene, file);
    flip(path, statSync(path).size - 1);
    return { seen: [await look(scene, file)] };
  },
};

/** One bit of a large value, which lies in a file of its own, is changed. */
export const flipContent: Attack = {
  title: "flip a bit in content",
  deed: "changes one bit in the middle of the largest content file",
  promise: "content is authenticated too, and its digest stands in the signed entry",
  expected: ["rejected ERR_CACHE_AUTH"],
  async perform(scene) {
    const contents = valueFiles(scene.directory, "blobs");
    const [largest] = contents.map((path) => ({ path, size: statSync(path).size })).sort((a, b) => b.size - a.size);
    if (largest === undefined) throw new Error("the demonstration found no content to attack");
    flip(largest.path, largest.size >> 1);
    const seen: string[] = [];
    for (const file of scene.files) seen.push(await look(scene, file));
    return { seen: seen.filter((each) => each !== "hit") };
  },
};

/** An entry loses its end, or all of it. */
export const truncate: Attack = {
  title: "truncate entries",
  deed: "cuts the last byte off one entry and empties another one's file",
  promise: "the length is part of what is authenticated, and what is too short to be an entry is none",
  expected: ["rejected ERR_CACHE_AUTH", "rejected ERR_CACHE_FORMAT"],
  async perform(scene) {
    const [cut, emptied] = [target(scene, 2), target(scene, 3)];
    const path = await entryPath(scene, cut);
    truncateSync(path, statSync(path).size - 1);
    truncateSync(await entryPath(scene, emptied));
    return { seen: [await look(scene, cut), await look(scene, emptied)] };
  },
};

/** Two genuine entries change places. */
export const swap: Attack = {
  title: "swap two entries",
  deed: "gives each of two genuine entries the other's file name",
  promise: "seal and signature hold the name that an entry was written for",
  expected: ["rejected ERR_CACHE_AUTH", "rejected ERR_CACHE_AUTH"],
  async perform(scene) {
    const [a, b] = [target(scene, 4), target(scene, 5)];
    const [pathA, pathB] = [await entryPath(scene, a), await entryPath(scene, b)];
    const [bytesA, bytesB] = [readFileSync(pathA), readFileSync(pathB)];
    writeFileSync(pathA, bytesB);
    writeFileSync(pathB, bytesA);
    return { seen: [await look(scene, a), await look(scene, b)] };
  },
};

/** An entry is deleted. */
export const remove: Attack = {
  title: "delete an entry",
  deed: "removes an entry's file",
  promise: "absence is a miss and costs time, nothing else",
  expected: ["miss"],
  async perform(scene) {
    const file = target(scene, 6);
    rmSync(await entryPath(scene, file));
    return { seen: [await look(scene, file)] };
  },
};

/** An entry becomes a link to a file elsewhere. */
export const link: Attack = {
  title: "plant a symbolic link",
  deed: "replaces an entry's file by a link to a file outside the directory",
  promise: "links are never followed, for reading or for writing",
  expected: ["miss"],
  async perform(scene) {
    const file = target(scene, 7);
    const path = await entryPath(scene, file);
    const victim = `${scene.directory}.victim`;
    writeFileSync(victim, "not to be touched");
    rmSync(path);
    symlinkSync(victim, path);
    const seen = [await look(scene, file)];
    await censusOf(openCache(scene.directory, scene.keyring)).analysis(file);
    const holds = readFileSync(victim, "utf8") === "not to be touched";
    const replaced = lstatSync(path).isFile();
    rmSync(victim);
    return {
      seen,
      proofs: [
        { claim: "the file that the link names is as it was, after a write, too", holds },
        { claim: "the write put a file of its own in place of the link", holds: replaced },
      ],
    };
  },
};
