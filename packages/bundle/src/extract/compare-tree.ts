import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { storeError } from "@cache/core/adapter";
import { crypto } from "@cache/core/crypto";
import { contentOf } from "../file/contents.ts";
import type { PlacedMember } from "../file/head.ts";
import { extractedMode } from "./modes.ts";
import type { Plan } from "./plan.ts";

/** How what lies in a directory differs from a package. */
export interface Difference {
  /** Relative to the directory. */
  readonly path: string;
  /** `changed`: its bytes, its kind or its rights are others; `added`: no member has this path. */
  readonly what: "missing" | "changed" | "added";
}

const PIECE = 262_144;
/** All bits that a mode has besides the kind of file. */
const RIGHTS = 0o7777;

const ROOT_RIGHTS = 0o700;

const isAbsence = (error: unknown): boolean => ["ENOENT", "ENOTDIR"].includes((error as { code?: string }).code ?? "");

/** Windows keeps no such rights. */
const sameRights = (mode: number, wanted: number): boolean =>
  process.platform === "win32" || (mode & RIGHTS) === wanted;

const isOurs = (uid: number): boolean => process.geteuid === undefined || process.geteuid() === uid;

async function isDirectory(path: string, mode: number): Promise<boolean> {
  const found = await lstat(path);
  return found.isDirectory() && isOurs(found.uid) && sameRights(found.mode, mode);
}

async function isFile(path: string, member: PlacedMember, signal?: AbortSignal): Promise<boolean> {
  const { size, digest } = contentOf(member);
  // Looked at first: opening a FIFO or a device may do something.
  if (!(await lstat(path)).isFile()) return false;
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const found = await handle.stat();
    if (!found.isFile() || found.size !== size || !isOurs(found.uid)) return false;
    if (!sameRights(found.mode, extractedMode(member))) return false;
    const hash = crypto.sha256Stream();
    const stream = handle.createReadStream({ highWaterMark: PIECE, autoClose: false, signal });
    for await (const piece of stream as AsyncIterable<Uint8Array>) hash.update(piece);
    return crypto.equal(hash.digest(), digest);
  } finally {
    await handle.close();
  }
}

async function* pathsBelow(root: string, directory = ""): AsyncGenerator<string> {
  for (const entry of await readdir(join(root, directory), { withFileTypes: true })) {
    const path = directory === "" ? entry.name : `${directory}/${entry.name}`;
    yield path;
    if (entry.isDirectory()) yield* pathsBelow(root, path);
  }
}

/** What is missing or changed at one path, if anything is. */
async function differenceAt(path: string, same: Promise<boolean>): Promise<Difference | undefined> {
  try {
    return (await same) ? undefined : { path, what: "changed" };
  } catch (error) {
    if (isAbsence(error)) return { path, what: "missing" };
    // A link in its place.
    if ((error as { code?: string }).code === "ELOOP") return { path, what: "changed" };
    throw error;
  }
}

async function firstDifference(root: string, { directories, files }: Plan, signal?: AbortSignal) {
  // A link in its place would lead elsewhere.
  if (!(await isDirectory(root, ROOT_RIGHTS))) return { path: "", what: "changed" } as const;
  for await (const path of pathsBelow(root)) {
    if (!directories.has(path) && !files.has(path)) return { path, what: "added" } as const;
  }
  for (const [path, mode] of directories) {
    const found = await differenceAt(path, isDirectory(join(root, path), mode));
    if (found !== undefined) return found;
  }
  for (const [path, member] of files) {
    signal?.throwIfAborted();
    const found = await differenceAt(path, isFile(join(root, path), member, signal));
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The first difference between what lies in a directory and what a package has there: everything is read, nothing is believed of
 * what lies beside it. `undefined`: it is the package, no more and no less.
 * @throws CacheError `ERR_CACHE_STORE` for what cannot be looked at
 */
export async function compareTree(root: string, plan: Plan, signal?: AbortSignal): Promise<Difference | undefined> {
  try {
    return await firstDifference(root, plan, signal);
  } catch (error) {
    if (isAbsence(error)) return { path: "", what: "missing" };
    throw storeError("looking at what was extracted", error, signal);
  }
}
