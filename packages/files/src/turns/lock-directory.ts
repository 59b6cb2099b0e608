import { createHash } from "node:crypto";
import { lstat, mkdir, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";

const OTHERS_WRITE = 0o022;

/**
 * Where the lock of a place is, for all processes of one user. Not beside the place: there it would be among what is built from, and the directory around a
 * place need not be there yet.
 * @throws Error when there is no directory that nobody else can write to
 */
export async function lockPath(path: string): Promise<string> {
  const uid = process.getuid?.();
  const directory = join(tmpdir(), `cache-places-${uid ?? "own"}`);
  await mkdir(directory, { mode: 0o700 }).catch(unless("EEXIST"));
  const found = await lstat(directory);
  const isOwn = found.isDirectory() && (uid === undefined || (found.uid === uid && (found.mode & OTHERS_WRITE) === 0));
  if (!isOwn) throw new Error(`${directory} is not this user's alone`);
  return join(
    directory,
    `${createHash("sha256")
      .update(await placeAt(resolve(path)))
      .digest("hex")}.lock`,
  );
}

/** The one name of a place, which itself may be a link: through none of those around it, as far as they are there. */
async function placeAt(path: string): Promise<string> {
  const around = dirname(path);
  if (around === path) return path;
  const real = await realpath(around).catch(unless("ENOENT", "ENOTDIR"));
  return join(real ?? (await placeAt(around)), basename(path));
}

/** Tolerates some failures: of what is there already, or not there at all. */
const unless =
  (...codes: readonly string[]) =>
  (error: unknown): undefined => {
    if (!codes.includes(String((error as { code?: unknown }).code))) throw error;
  };
