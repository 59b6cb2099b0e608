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
import { tellRemoved } from "./witness.ts";

/**
 * Takes a value away from all readers, and drops it or sets it aside.
 * @returns whether there was one, and of the version
 */
export async function removeValue(
  root: StoreRoot,
  name: Name,
  { ifVersion, quarantine = false, signal }: DeleteOptions = {},
): Promise<boolean> {
  const place = parseName(name);
  signal?.throwIfAborted();
  try {
    const found = root.look();
    const path = found?.fanOuts.findNow(place);
    if (found === undefined || path === undefined) return false;
    if (ifVersion !== undefined && statValue(path)?.version !== ifVersion) return false;
    const { paths } = found;
    if (ifVersion === undefined && !quarantine) {
      const unlinked = await patiently(() => unlink(path), signal);
      if (unlinked === "directory") setDirectoryAside(paths.quarantine, path, place);
      return unlinked === "file";
    }
    const asideAs = quarantine ? quarantinedAs(place.kind, place.hex) : randomName();
    const aside = join(quarantine ? paths.quarantine : paths.temporary, asideAs);
    if (!(await patiently(() => moveAside(root, path, aside), signal))) return false;
    // A put may have come between the look and the move: then what was moved is not what was meant.
    const isMeant = ifVersion === undefined || statValue(aside)?.version === ifVersion;
    if (!isMeant) moveIfFree(aside, path);
    else if (!quarantine) unlinkQuietly(aside);
    return isMeant;
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

/** @returns what was there; a directory is not removed like this */
function unlink(path: string): "file" | "nothing" | "directory" {
  try {
    unlinkSync(path);
    tellRemoved(path);
    return "file";
  } catch (error) {
    if (isAbsence(error)) return "nothing";
    if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) return "directory";
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
    tellRemoved(from);
    return true;
  } catch (error) {
    if (isAbsence(error)) return false;
    throw error;
  }
}
