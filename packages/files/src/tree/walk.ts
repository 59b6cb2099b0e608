import { lstat, readdir, readlink, realpath } from "node:fs/promises";
import { join } from "node:path";
import { CacheError, pathProblem } from "@cache/core/adapter";
import { staysInside } from "./links.ts";
import type { FileMember, LinkMember, Tree } from "./member.ts";

/** Whether something is left out, by its path below the root, with `/` between its parts; with a directory goes all that is in it. */
export type Exclude = (path: string) => boolean;

const EXECUTE = 0o100;

/** What was found so far. */
interface Found {
  readonly files: FileMember[];
  readonly directories: string[];
  readonly links: LinkMember[];
}

/**
 * What lies at a path. Nothing in a directory is followed; the path itself may be a link.
 * @throws CacheError `ERR_CACHE_UNSAFE_PATH` for what cannot be kept: a device, a link out of the tree, a name that other systems read
 * as something else
 * @throws Error of the system for what cannot be looked at
 */
export async function walk(path: string, exclude: Exclude = () => false): Promise<Tree & { readonly root: string }> {
  const root = await realpath(path);
  const { size, mode, ...found } = await look(root);
  if (found.isFile) {
    const file = { path: "", size, executable: (mode & EXECUTE) !== 0 };
    return { root, kind: "file", files: [file], directories: [], links: [] };
  }
  if (!found.isDirectory) throw unusable(path, "it is neither a file nor a directory");
  const tree: Found = { files: [], directories: [], links: [] };
  await descend(root, "", exclude, tree);
  return { root, kind: "directory", ...tree };
}

async function look(path: string) {
  const stats = await lstat(path);
  return { size: stats.size, mode: stats.mode, isFile: stats.isFile(), isDirectory: stats.isDirectory() };
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : 1);

async function descend(root: string, below: string, exclude: Exclude, tree: Found): Promise<void> {
  const entries = await readdir(join(root, below), { withFileTypes: true });
  for (const entry of entries.sort(byName)) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (exclude(path)) continue;
    const problem = pathProblem(path);
    if (problem !== undefined) throw unusable(path, problem);
    if (entry.isDirectory()) {
      tree.directories.push(path);
      await descend(root, path, exclude, tree);
    } else if (entry.isSymbolicLink()) tree.links.push(await linkAt(root, path));
    else if (entry.isFile()) {
      const { size, mode } = await look(join(root, path));
      tree.files.push({ path, size, executable: (mode & EXECUTE) !== 0 });
    } else throw unusable(path, "it is neither a file, a directory nor a link");
  }
}

async function linkAt(root: string, path: string): Promise<LinkMember> {
  const found = await readlink(join(root, path));
  const target = process.platform === "win32" ? found.replaceAll("\\", "/") : found;
  if (!staysInside(path, target)) throw unusable(path, "it is a link that leads out of what is kept");
  return { path, target };
}

const unusable = (path: string, why: string): CacheError =>
  new CacheError("ERR_CACHE_UNSAFE_PATH", `${path} cannot be kept: ${why}`);
