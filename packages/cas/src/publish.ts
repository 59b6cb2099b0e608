import { lstatSync, renameSync } from "node:fs";
import type { PutOptions } from "@cache/core/adapter";
import { isAbsence } from "./failures.ts";
import { moveIfFree } from "./moving.ts";
import type { Place } from "./paths.ts";
import { isSharingViolation, retry } from "./patience.ts";
import { setDirectoryAside } from "./quarantine.ts";
import type { StoreRoot } from "./root.ts";
import { tellWritten } from "./witness.ts";

/**
 * Moves a finished file to where readers look for a value: in one step, so that they see what was there before or all
 * of what is there now.
 * @returns the path of the value, or `undefined` when `ifAbsent` was asked for and one is there
 */
export async function publish(
  root: StoreRoot,
  file: string,
  place: Place,
  { ifAbsent = false, signal }: PutOptions,
): Promise<string | undefined> {
  const { fanOuts, paths } = root.prepare();
  const path = fanOuts.findNow(place) ?? makeWay(root, place);
  const attempt = () => moveMaking(root, file, path, place, ifAbsent);
  try {
    return attempt() ? path : undefined;
  } catch (error) {
    if (isSharingViolation(error)) return (await retry(attempt, isSharingViolation, signal)) ? path : undefined;
    if (!isDirectory(path)) throw error;
    setDirectoryAside(paths.quarantine, path, place);
    return attempt() ? path : undefined;
  }
}

const isDirectory = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

function moveMaking(root: StoreRoot, file: string, path: string, place: Place, ifAbsent: boolean): boolean {
  try {
    return move(file, path, ifAbsent);
  } catch (error) {
    // Directories that were there are made again when one is missed: asking first would cost every put a system call.
    if (!isAbsence(error)) throw error;
    return move(file, makeWay(root, place), ifAbsent);
  }
}

function makeWay(root: StoreRoot, place: Place): string {
  try {
    return root.prepare().fanOuts.make(place);
  } catch (error) {
    if (!isAbsence(error)) throw error;
    return root.repair().fanOuts.make(place);
  }
}

function move(file: string, path: string, ifAbsent: boolean): boolean {
  if (ifAbsent && !moveIfFree(file, path)) return false;
  if (!ifAbsent) renameSync(file, path);
  tellWritten(path);
  return true;
}
