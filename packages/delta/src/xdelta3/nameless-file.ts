import { constants } from "node:fs";
import { access, type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system in memory, where Linux has one. */
const IN_MEMORY = "/dev/shm";

async function directory(): Promise<string> {
  if (process.platform !== "linux") return tmpdir();
  return access(IN_MEMORY, constants.W_OK).then(
    () => IN_MEMORY,
    () => tmpdir(),
  );
}

/**
 * A file of this user without a name, in memory where there is a file system in it. It loses its name before it is given a
 * byte, so that whatever becomes of this process nothing can be found of it.
 */
export async function namelessFile(bytes: Uint8Array): Promise<FileHandle> {
  const folder = await mkdtemp(join(await directory(), "cache-delta-"));
  let file: FileHandle | undefined;
  try {
    file = await open(join(folder, "reference"), "wx+", 0o600);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  try {
    await file.writeFile(bytes);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}
