import { dirname } from "node:path";
import { isUint8Array } from "node:util/types";
import { type Name, type PutOptions, type PutResult, parseName, storeError } from "@cache/core/adapter";
import { AT_ONCE, BLOCK } from "./descriptor.ts";
import type { DirectorySync } from "./durability.ts";
import { again, mayPass, type Roomy, withRoom } from "./full-medium.ts";
import type { Place } from "./paths.ts";
import { publish } from "./publish.ts";
import type { StoreRoot } from "./root.ts";
import { newTemporary, type TemporaryFile, temporaryNow } from "./temporary.ts";
import { isValue } from "./value-file.ts";

/** What every way of putting works on. */
export interface Medium extends Roomy {
  readonly root: StoreRoot;
  /** Present when puts are durable. */
  readonly directories: DirectorySync | undefined;
}

/**
 * Puts bytes. Up to a block is written before the call returns its promise, in four system calls and one for the time:
 * the caller may use its memory again at once. More is written while the event loop goes on, and must not change meanwhile.
 */
export async function putBytes(
  medium: Medium,
  name: Name,
  bytes: Uint8Array,
  options: PutOptions = {},
): Promise<PutResult> {
  const place = parseName(name);
  options.signal?.throwIfAborted();
  if (!isUint8Array(bytes)) throw new TypeError("a value is a Uint8Array");
  try {
    if (options.ifAbsent === true && isThere(medium.root, place)) return { written: false };
    const file = beginNow(medium);
    if (file !== undefined) return await write(medium, file, place, bytes, options);
    const own = new Uint8Array(bytes);
    return await write(medium, await begin(medium, options.signal), place, own, options);
  } catch (error) {
    throw storeError("putting a value", error, options.signal);
  }
}

/** A file to write to. `undefined` when there is none for the moment. */
function beginNow(medium: Medium): TemporaryFile | undefined {
  try {
    return temporaryNow(medium.root);
  } catch (error) {
    if (mayPass(medium, error)) return undefined;
    throw error;
  }
}

/** The same, after a wait if need be. */
export function begin(medium: Medium, signal?: AbortSignal): Promise<TemporaryFile> {
  return withRoom(medium, () => newTemporary(medium.root, signal));
}

async function write(
  medium: Medium,
  file: TemporaryFile,
  place: Place,
  bytes: Uint8Array,
  options: PutOptions,
): Promise<PutResult> {
  try {
    // Not by waiting for a promise: what is written has to be before the call returns.
    const late =
      bytes.byteLength <= AT_ONCE ? writeNow(medium, file, bytes) : writeBlocks(medium, file, bytes, options.signal);
    if (late !== undefined) await late;
    return await complete(medium, file, place, options);
  } catch (error) {
    file.discard();
    throw error;
  }
}

function isThere(root: StoreRoot, place: Place): boolean {
  const path = root.look()?.fanOuts.findNow(place);
  return path !== undefined && isValue(path);
}

/** @returns what to wait for when the medium is full */
function writeNow(medium: Medium, file: TemporaryFile, bytes: Uint8Array): Promise<void> | undefined {
  try {
    file.write(bytes, 0);
    return undefined;
  } catch (error) {
    if (!mayPass(medium, error)) throw error;
    // While room is made the caller may use its memory again.
    const own = new Uint8Array(bytes);
    return again(medium, error, async () => file.write(own, 0));
  }
}

async function writeBlocks(
  medium: Medium,
  file: TemporaryFile,
  bytes: Uint8Array,
  signal?: AbortSignal,
): Promise<void> {
  for (let at = 0; at < bytes.byteLength; at += BLOCK) {
    signal?.throwIfAborted();
    await withRoom(medium, () => file.writeLater(bytes.subarray(at, at + BLOCK), at));
  }
}

/** From bytes that are all written to a value that readers see: in an order that a crash at any point leaves sound. */
export async function complete(
  medium: Medium,
  file: TemporaryFile,
  place: Place,
  options: PutOptions,
): Promise<PutResult> {
  const { root, directories } = medium;
  if (directories !== undefined) await file.sync();
  file.finish();
  options.signal?.throwIfAborted();
  const path = await withRoom(medium, () => publish(root, file.path, place, options));
  if (path !== undefined && directories !== undefined) await directories.settle(dirname(path));
  return { written: path !== undefined };
}
