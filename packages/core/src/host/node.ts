import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { type Channel, channel } from "node:diagnostics_channel";
import { lstat, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { inspect } from "node:util";
import { storeError } from "../adapter/store-error.ts";
import { CacheError } from "../errors.ts";

/** Those that were asked for: a look at one takes less than to have Node find it by its name. */
const channels = new Map<string, Channel>();

function channelOf(name: string): Channel {
  const found = channels.get(name) ?? channel(name);
  channels.set(name, found);
  return found;
}

/** Publishes a message to whoever subscribed to the diagnostics channel. */
export function diagnose(name: string, message: object): void {
  channelOf(name).publish(message);
}

/** Whether anybody subscribed to a diagnostics channel. */
export const isDiagnosed = (name: string): boolean => channelOf(name).hasSubscribers;

/**
 * Writes pieces to a private file beside `path` and renames it there only when they ended well,
 * so that `path` never holds anything unverified. A file that was there leaves its permissions to the new one.
 * @throws CacheError `ERR_CACHE_UNSAFE_PATH` for what is no file; `ERR_CACHE_STORE` when the medium fails
 */
export async function publishFile(path: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const mode = await onMedium(() => modeAt(path));
  const temporary = join(dirname(path), `.cache-${randomUUID()}.tmp`);
  const file = await onMedium(() => open(temporary, "wx", 0o600));
  try {
    try {
      for await (const piece of pieces) await onMedium(() => file.writeFile(piece));
      if (mode !== undefined) await onMedium(() => file.chmod(mode));
    } finally {
      await onMedium(() => file.close());
    }
    await onMedium(() => rename(temporary, path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The permissions of the file that lies at a path, if one does. A rename would put a file in the place of anything else. */
async function modeAt(path: string): Promise<number | undefined> {
  try {
    const found = await lstat(path);
    if (!found.isFile()) throw new CacheError("ERR_CACHE_UNSAFE_PATH", "what lies at the path is no file");
    return found.mode & 0o777;
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Only failures of the medium are the store's; what the pieces throw belongs to the reader as it is. */
async function onMedium<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw storeError("writing the file", error);
  }
}

/** What the prototype of Node's own buffers is. */
export const bufferPrototype = (): object => Buffer.prototype;

const TYPED_ARRAY: object = Object.getPrototypeOf(Uint8Array.prototype);

const SHOWN = { showHidden: true, maxArrayLength: 0, depth: 0, customInspect: false } as const;

/**
 * Whether a typed array has no fields, hidden ones neither. The language lists them with the items only, each by its name, which of
 * megabytes takes more memory than there is. So it is shown without its items, beside one of the same bytes that has no fields.
 */
export function hasItemsOnly(view: ArrayBufferView): boolean {
  const [buffer, offset] = [Reflect.get(TYPED_ARRAY, "buffer", view), Reflect.get(TYPED_ARRAY, "byteOffset", view)];
  const type = Reflect.get(TYPED_ARRAY, Symbol.toStringTag, view) as "Uint8Array";
  const bare = new globalThis[type](buffer as ArrayBuffer, offset, Reflect.get(TYPED_ARRAY, "length", view));
  return inspect(view, SHOWN) === inspect(Object.setPrototypeOf(bare, Object.getPrototypeOf(view)), SHOWN);
}
