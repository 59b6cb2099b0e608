import { constants } from "node:fs";
import { chmod, mkdir, open } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { CacheError, storeError } from "@cache/core/adapter";
import { contentBytes } from "../file/contents.ts";
import type { PlacedMember } from "../file/head.ts";
import type { PackageFile } from "../file/package-file.ts";
import { extractedMode } from "./modes.ts";
import type { Plan } from "./plan.ts";

/** Fails where anything lies already, a link above all. */
const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

/** The path of a member below a directory. @throws CacheError `ERR_CACHE_FORMAT` for one that is not below it */
function below(root: string, path: string): string {
  const target = join(root, ...path.split("/"));
  // The manifest has no such path; this is the place where it would matter.
  if (relative(root, target).split(sep)[0] === "..")
    throw new CacheError("ERR_CACHE_FORMAT", "a path leads out of the package");
  return target;
}

async function writeFile(file: PackageFile, member: PlacedMember, target: string, signal?: AbortSignal): Promise<void> {
  const handle = await open(target, NEW, 0o600);
  try {
    for await (const piece of contentBytes(file, member, signal)) await handle.writeFile(piece);
    await handle.chmod(extractedMode(member));
  } finally {
    await handle.close();
  }
}

/**
 * Makes directories and files below a directory that is new, private and empty. Bytes are digested again on their way.
 * @throws CacheError `ERR_CACHE_AUTH`, `ERR_CACHE_CODEC`, `ERR_CACHE_STORE`
 */
export async function writeTree(
  file: PackageFile,
  { directories, files }: Plan,
  root: string,
  { signal, onPiece }: { readonly signal?: AbortSignal | undefined; readonly onPiece: (bytes: number) => void },
): Promise<void> {
  try {
    for (const [path, mode] of directories) {
      const target = below(root, path);
      await mkdir(target, 0o700);
      // What its user may do in it is in every mode, so that what belongs into it can be made.
      await chmod(target, mode);
    }
    for (const [path, member] of files) {
      await writeFile(file, member, below(root, path), signal);
      onPiece(member.size);
    }
  } catch (error) {
    throw storeError("extracting the package", error, signal);
  }
}
