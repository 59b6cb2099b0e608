import { type BigIntStats, constants, type Dirent } from "node:fs";
import { type FileHandle, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { CacheError, checkOptions, storeError } from "@cache/core/adapter";
import type { Purpose } from "../about/about.ts";
import type { NewMember } from "./new-member.ts";
import { SecretFiles } from "./secret-files.ts";

/** How the contents of a directory become members. */
export interface DirectoryOptions {
  /** Put before every path, such as `lib`. @defaultValue nothing */
  readonly at?: string | undefined;
  /** Of every file. */
  readonly purpose?: Purpose | undefined;
  /**
   * What is left out and not looked at, by its path below the directory, with `/` between its parts; with a directory goes all that
   * is in it.
   * @defaultValue nothing
   */
  readonly exclude?: ((path: string) => boolean) | undefined;
  /**
   * Paths of files such as a keyring, none of which becomes a member: one that is met is refused, under whatever name it lies there.
   * @defaultValue none
   */
  readonly secretFiles?: readonly string[] | undefined;
}

/** What holds for all of a directory. */
interface Rules extends DirectoryOptions {
  readonly root: string;
  readonly secrets: SecretFiles;
}

const PIECE = 262_144;
/** Whether its owner may execute it is all that is taken over of a file's rights: umasks and copies change the rest. */
const EXECUTE = 0o100n;
const EXECUTABLE = 0o755;
// What was a file may have become a link since it was listed, or a FIFO that waits for a writer.
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

const unreadable = (error: unknown): unknown => storeError("reading what is to be packed", error);

function unusable(path: string, found: Dirent | BigIntStats): CacheError {
  const why = found.isSymbolicLink()
    ? "is a link, and links are not packed"
    : "is neither a file nor a directory, and packages have nothing else";
  return new CacheError("ERR_CACHE_UNSAFE_PATH", `${path} ${why}`);
}

async function opened(path: string, { root, secrets }: Rules): Promise<{ handle: FileHandle; mode: bigint }> {
  const handle = await open(join(root, path), FLAGS).catch((error: unknown) => {
    throw unreadable(error);
  });
  try {
    const found = await handle.stat({ bigint: true });
    if (!found.isFile()) throw unusable(path, found);
    if (secrets.has(found))
      throw new CacheError(
        "ERR_CACHE_SECRET",
        `${path} is a file of keys, and whoever gets the package would have them`,
      );
    return { handle, mode: found.mode };
  } catch (error) {
    await handle.close();
    throw unreadable(error);
  }
}

async function* bytesOf(path: string, rules: Rules): AsyncGenerator<Uint8Array> {
  const { handle } = await opened(path, rules);
  try {
    yield* handle.createReadStream({ highWaterMark: PIECE, autoClose: false }) as AsyncIterable<Uint8Array>;
  } finally {
    await handle.close();
  }
}

async function modeOf(path: string, rules: Rules): Promise<number | undefined> {
  const { handle, mode } = await opened(path, rules);
  await handle.close();
  return (mode & EXECUTE) === 0n ? undefined : EXECUTABLE;
}

async function entriesOf(path: string): Promise<Dirent[]> {
  return await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    throw unreadable(error);
  });
}

async function* membersIn(below: string, rules: Rules): AsyncGenerator<NewMember> {
  const { root, at = "", purpose, exclude } = rules;
  for (const entry of await entriesOf(join(root, below))) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (exclude?.(path) === true) continue;
    const member = { path: at === "" ? path : `${at}/${path}` };
    if (entry.isDirectory()) {
      yield member;
      yield* membersIn(path, rules);
    } else if (entry.isFile())
      yield { ...member, content: () => bytesOf(path, rules), mode: await modeOf(path, rules), purpose };
    else throw unusable(path, entry);
  }
}

/**
 * Everything in a directory, for {@link createBundle}: files with 0o755 when their owner may execute them and 0o644 otherwise,
 * directories with 0o755. Times, owners and other rights are left out, so that the same contents give the same package.
 * @throws CacheError `ERR_CACHE_UNSAFE_PATH` for links, devices and other things that a package cannot hold, `ERR_CACHE_SECRET` for one of
 * `secretFiles`, `ERR_CACHE_STORE`
 */
export async function* directoryMembers(directory: string, options: DirectoryOptions = {}): AsyncGenerator<NewMember> {
  checkOptions("directoryMembers", options, ["at", "purpose", "exclude", "secretFiles"]);
  const { exclude, secretFiles = [] } = options;
  if (exclude !== undefined && typeof exclude !== "function") throw new TypeError("exclude is a function of a path");
  if (!Array.isArray(secretFiles)) throw new TypeError("secretFiles are paths");
  yield* membersIn("", { ...options, root: directory, secrets: await SecretFiles.at(secretFiles) });
}
