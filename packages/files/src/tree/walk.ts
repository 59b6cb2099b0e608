import type { Dirent } from "node:fs";
import { lstat, readdir, readlink, realpath } from "node:fs/promises";
import { join } from "node:path";
import { CacheError, pathProblem } from "@cache/core/adapter";
import { changed } from "./changed.ts";
import { staysInside } from "./links.ts";
import type { LinkMember, Tree } from "./member.ts";
import { type SeenFile, seenFile, stampOf } from "./seen-file.ts";

/** Whether something is left out, by its path below the root, with `/` between its parts; with a directory goes all that is in it. */
export type Exclude = (path: string) => boolean;

/** What lies at a path at one moment. */
export interface Walked {
  /** Where the root really is. */
  readonly root: string;
  readonly tree: Tree<SeenFile>;
  /** The stamps of all directories by their paths. That of the root, if it is one, has an empty path. */
  readonly directories: ReadonlyMap<string, string>;
}

/** What was found so far. */
interface Found {
  readonly files: SeenFile[];
  /** As {@link Walked} has them. */
  readonly directories: Map<string, string>;
  readonly links: LinkMember[];
}

/**
 * What lies at a path. Nothing in a directory is followed; the path itself may be a link.
 * @throws CacheError `ERR_CACHE_UNSAFE_PATH` for what cannot be kept: a device, a link out of the tree, a name that other systems read
 * as something else
 * @throws Error of the system for what cannot be looked at
 */
export async function walk(path: string, exclude: Exclude = () => false): Promise<Walked> {
  const root = await realpath(path);
  const found = await lstat(root, { bigint: true });
  const tree: Found = { files: [], directories: new Map(), links: [] };
  if (found.isFile()) tree.files.push(seenFile("", found));
  else if (found.isDirectory()) await descend(root, "", exclude, tree);
  else throw unusable(path, "it is neither a file nor a directory");
  const { files, directories, links } = tree;
  const paths = [...directories.keys()].filter((each) => each !== "");
  const kind = found.isFile() ? "file" : "directory";
  return { root, directories, tree: { kind, files, directories: paths, links } };
}

async function descend(root: string, below: string, exclude: Exclude, tree: Found): Promise<void> {
  const found = await lstat(join(root, below), { bigint: true });
  // A link by now: what it leads to was never part of the tree.
  if (!found.isDirectory()) throw changed(below);
  tree.directories.set(below, stampOf(found));
  for (const entry of await entriesOf(root, below)) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (exclude(path)) continue;
    const problem = pathProblem(path);
    if (problem !== undefined) throw unusable(path, problem);
    if (entry.isDirectory()) await descend(root, path, exclude, tree);
    else if (entry.isSymbolicLink()) tree.links.push(await linkAt(root, path));
    else if (entry.isFile()) tree.files.push(seenFile(path, await lstat(join(root, path), { bigint: true })));
    else throw unusable(path, "it is neither a file, a directory nor a link");
  }
}

async function entriesOf(root: string, below: string): Promise<Dirent[]> {
  const entries = await readdir(join(root, below), { withFileTypes: true });
  // The replacement that Node puts for bytes that are no text may also be what a name has.
  if (entries.some(({ name }) => name.includes(REPLACEMENT))) await requireText(join(root, below));
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

const REPLACEMENT = "\ufffd";

async function requireText(directory: string): Promise<void> {
  for (const name of await readdir(directory, { encoding: "buffer" }))
    if (!isText(name)) throw unusable(name.toString(), "its name is not UTF-8");
}

const isText = (bytes: Buffer): boolean => Buffer.from(bytes.toString()).equals(bytes);

async function linkAt(root: string, path: string): Promise<LinkMember> {
  const found = await readlink(join(root, path), { encoding: "buffer" });
  if (!isText(found)) throw unusable(path, "what it leads to is not UTF-8");
  const target = process.platform === "win32" ? found.toString().replaceAll("\\", "/") : found.toString();
  if (!staysInside(path, target)) throw unusable(path, "it is a link that leads out of what is kept");
  return { path, target };
}

const unusable = (path: string, why: string): CacheError =>
  new CacheError("ERR_CACHE_UNSAFE_PATH", `${path} cannot be kept: ${why}`);
