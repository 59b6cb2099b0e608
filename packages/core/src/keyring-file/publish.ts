import { randomUUID } from "node:crypto";
import { link, lstat, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

/** Moves a finished file to where it belongs. */
export type Place = (temporary: string, path: string) => Promise<void>;

/** What a temporary file's name adds to that of the keyring file. */
const SUFFIX = /^\.[0-9a-f-]{36}\.tmp$/;

/** What file systems without hard links answer: FAT and exFAT, some network and sandboxed ones. */
const NO_LINKS: readonly unknown[] = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;

/** Writes a private file beside `path`, on disk before it is placed. For the holder of the lock only. */
export async function publish(path: string, content: Uint8Array, place: Place): Promise<void> {
  await sweep(path);
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      // A umask can take rights away from the owner too; a file that nobody can read holds no keys.
      await file.chmod(0o600);
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await place(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
  await syncDirectory(dirname(path));
}

/**
 * Removes what a process that was killed while it wrote has left: such a file holds secrets, also those that were revoked
 * since. The lock is held, so no living process writes one.
 */
async function sweep(path: string): Promise<void> {
  const directory = dirname(path);
  const name = basename(path);
  for (const each of await readdir(directory)) {
    if (each.startsWith(name) && SUFFIX.test(each.slice(name.length))) await rm(join(directory, each), { force: true });
  }
}

/** Places a file where there is none. A link, unlike a rename, never takes the place of a file. */
export async function placeNew(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if (!NO_LINKS.includes(codeOf(error))) throw error;
    // Two steps, which are one among all who take the lock.
    if (await exists(path)) throw Object.assign(new Error("the file exists"), { code: "EEXIST" });
    await rename(temporary, path);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

/** Makes a directory, and those above it that are missing, for this user alone; one that is there stays as it is. */
export async function makePrivateDirectory(path: string): Promise<void> {
  const directory = resolve(path);
  const first = await mkdir(directory, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    // What is in the way is not a keyring file that exists, which is what EEXIST says of this function's callers.
    throw codeOf(error) === "EEXIST"
      ? Object.assign(new Error("not a directory", { cause: error }), { code: "ENOTDIR" })
      : error;
  });
  if (first === undefined) return;
  // From the bottom to the topmost new one: the name of each stands in the directory above it.
  for (let made = directory; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made));
}

async function syncDirectory(path: string): Promise<void> {
  // Windows cannot open a directory; there the rename itself is what there is.
  if (process.platform === "win32") return;
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
