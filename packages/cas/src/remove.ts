import { lstatSync, renameSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { type DeleteOptions, type Name, parseName, storeError } from "@cache/core/adapter";
import { isAbsence } from "./failures.ts";
import { moveIfFree, unlinkQuietly } from "./moving.ts";
import { randomName } from "./paths.ts";
import { isSharingViolation, retry } from "./patience.ts";
import { quarantinedAs, setDirectoryAside } from "./quarantine.ts";
import type { StoreRoot } from "./root.ts";
import { statValue } from "./value-file.ts";

/** Takes a value away from all readers, and drops it or sets it aside. */
export async function removeValue(
  root: StoreRoot,
  name: Name,
  { ifVersion, quarantine = false, signal }: DeleteOptions = {},
): Promise<void> {
  const { kind, hex } = parseName(name);
  signal?.throwIfAborted();
  try {
    const found = root.look();
    const path = found?.fanOuts.findNow({ kind, hex });
    if (found === undefined || path === undefined) return;
    if (ifVersion !== undefined && statValue(path)?.version !== ifVersion) return;
    const { paths } = found;
    if (ifVersion === undefined && !quarantine) {
      if (await patiently(() => unlink(path), signal)) return;
      return setDirectoryAside(paths.quarantine, path, { kind, hex });
    }
    const aside = quarantine ? join(paths.quarantine, quarantinedAs(kind, hex)) : join(paths.temporary, randomName());
    if (!(await patiently(() => moveAside(root, path, aside), signal))) return;
    // A put may have come between the look and the move: then what was moved is not what was meant.
    if (ifVersion !== undefined && statValue(aside)?.version !== ifVersion) moveIfFree(aside, path);
    else if (!quarantine) unlinkQuietly(aside);
  } catch (error) {
    throw storeError("deleting a value", error, signal);
  }
}

async function patiently<T>(step: () => T, signal?: AbortSignal): Promise<T> {
  try {
    return step();
  } catch (error) {
    if (!isSharingViolation(error)) throw error;
    return await retry(step, isSharingViolation, signal);
  }
}

/** @returns false when a directory is there, which is not removed like this */
function unlink(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch (error) {
    if (isAbsence(error)) return true;
    if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) return false;
    throw error;
  }
}

/** @returns whether there was anything to move */
function moveAside(root: StoreRoot, path: string, aside: string): boolean {
  if (rename(path, aside)) return true;
  // Either side may be what is absent.
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return false;
  root.repair();
  return rename(path, aside);
}

function rename(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (isAbsence(error)) return false;
    throw error;
  }
}
