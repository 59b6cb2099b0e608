import { dirname } from "node:path";
import type { Size } from "@cache/core/adapter";
import type { Head } from "../file/head.ts";
import type { PackageFile } from "../file/package-file.ts";
import { checkStored, type PassOptions, pieceCounter } from "../verify/passes.ts";
import { planOf } from "./plan.ts";
import { makePrivate, removeQuietly } from "./private-directory.ts";
import { checkRoom } from "./room.ts";
import { writeTree } from "./write-tree.ts";

/** How an extraction is staged. */
export interface StageOptions extends PassOptions {
  readonly maxBytes?: Size | undefined;
}

/**
 * Verifies all stored bytes, and only then extracts them to a new private directory. Whatever fails, nothing is left there.
 * @param path - of the directory, where nothing may be
 */
export async function stage(file: PackageFile, head: Head, path: string, options: StageOptions): Promise<void> {
  const { signal, maxBytes } = options;
  const plan = planOf(head);
  await checkRoom(dirname(path), plan, maxBytes);
  const onPiece = pieceCounter(options);
  await checkStored(file, head, signal, onPiece);
  await makePrivate(path);
  try {
    await writeTree(file, plan, path, { signal, onPiece });
  } catch (error) {
    await removeQuietly(path);
    throw error;
  }
}
