import { constants } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { CacheError, checkOptions, storeError } from "@cache/core/adapter";
import type { Purpose } from "../about/about.ts";

/** Bytes, or what gives them from their beginning, each time it is called. */
export type Content = Uint8Array | (() => AsyncIterable<Uint8Array>);

/** Something to be put into a package. */
export interface NewMember {
  /** Relative, with `/` between its parts. */
  readonly path: string;
  /** Absent: a directory. */
  readonly content?: Content | undefined;
  /**
   * Permissions: the nine bits of `rwxrwxrwx`.
   * @defaultValue 0o644 for a file, 0o755 for a directory
   */
  readonly mode?: number | undefined;
  readonly purpose?: Purpose | undefined;
}

/** How the contents of a directory become members. */
export interface DirectoryOptions {
  /** Put before every path, such as `lib`. @defaultValue nothing */
  readonly at?: string | undefined;
  /** Of every file. */
  readonly purpose?: Purpose | undefined;
}

const PIECE = 262_144;
/** Whether its owner may execute it is all that is taken over of a file's rights: umasks and copies change the rest. */
const EXECUTE = 0o100;
const EXECUTABLE = 0o755;

async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  // What was a file may have become a link since it was listed.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    if (!(await handle.stat()).isFile()) throw unusable(path);
    yield* handle.createReadStream({ highWaterMark: PIECE, autoClose: false }) as AsyncIterable<Uint8Array>;
  } finally {
    await handle.close();
  }
}

const unusable = (path: string): CacheError =>
  new CacheError("ERR_CACHE_UNSAFE_PATH", `${path} is neither a file nor a directory, and packages have nothing else`);

async function modeOf(path: string): Promise<number | undefined> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    return ((await handle.stat()).mode & EXECUTE) === 0 ? undefined : EXECUTABLE;
  } finally {
    await handle.close();
  }
}

async function* membersIn(directory: string, at: string, purpose?: Purpose): AsyncGenerator<NewMember> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const [from, path] = [join(directory, entry.name), at === "" ? entry.name : `${at}/${entry.name}`];
    if (entry.isDirectory()) {
      yield { path };
      yield* membersIn(from, path, purpose);
    } else if (entry.isFile()) yield { path, content: () => bytesOf(from), mode: await modeOf(from), purpose };
    else throw unusable(from);
  }
}

/**
 * Everything in a directory, for {@link createBundle}: files with 0o755 when their owner may execute them and 0o644 otherwise,
 * directories with 0o755. Times, owners and other rights are left out, so that the same contents give the same package.
 * @throws CacheError `ERR_CACHE_UNSAFE_PATH` for links, devices and other things that a package cannot hold, `ERR_CACHE_STORE`
 */
export async function* directoryMembers(directory: string, options: DirectoryOptions = {}): AsyncGenerator<NewMember> {
  checkOptions("directoryMembers", options, ["at", "purpose"]);
  const { at = "", purpose } = options;
  try {
    yield* membersIn(directory, at, purpose);
  } catch (error) {
    throw storeError("reading what is to be packed", error);
  }
}
