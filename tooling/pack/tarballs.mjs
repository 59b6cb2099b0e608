import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "./commands.mjs";

/** @typedef {import("../house/workspace.mjs").Member} Member */

/**
 * Packs a package as a release would.
 * @param {string} root
 * @param {Member} member
 * @param {string} folder - where to put it
 * @returns {Promise<string>} path of the tarball
 */
export async function packOf(root, member, folder) {
  const own = join(folder, member.folder);
  mkdirSync(own, { recursive: true });
  await run(join(root, member.folder), "pnpm", "pack", "--pack-destination", own);
  const name = readdirSync(own).find((each) => each.endsWith(".tgz"));
  if (name === undefined) throw new Error(`pnpm pack left no tarball of ${member.name}`);
  return join(own, name);
}

/**
 * A package and those of ours that it needs, as its manifest says and nothing more.
 * @param {Member} member
 * @param {readonly Member[]} members
 * @returns {Member[]}
 */
export function withDependencies(member, members) {
  const found = new Set([member]);
  for (const each of found) {
    const names = Object.keys({ ...each.manifest.dependencies, ...each.manifest.peerDependencies });
    for (const other of members) if (names.includes(other.name)) found.add(other);
  }
  return [...found];
}
