import { CacheError, type GetOptions, type Name, parseName, storeError } from "@cache/core/adapter";
import { AT_ONCE, BLOCK, closeQuietly, readAll, readAllLater, readOnce } from "./descriptor.ts";
import type { Use } from "./limits/use.ts";
import { openValue } from "./reading.ts";
import type { StoreRoot } from "./root.ts";
import { isNoFile, lengthOf } from "./value-file.ts";

/** The longest value that is read without asking for its length first: an entry with its payload, and some more. */
const SMALL = 73_728;

/** One byte more than a small value, to tell one from the beginning of a longer one. Its content is of one turn only. */
let scratch: Uint8Array | undefined;

/** Reads a value whole: a small one in three system calls, with no turn of the event loop between. */
export async function getBytes(
  root: StoreRoot,
  name: Name,
  { limit = Number.POSITIVE_INFINITY, signal }: GetOptions = {},
  use?: Use,
): Promise<Uint8Array | undefined> {
  const place = parseName(name);
  signal?.throwIfAborted();
  try {
    const opened = openValue(root, place, signal);
    const fd = opened instanceof Promise ? await opened : opened;
    if (fd === undefined) return undefined;
    try {
      scratch ??= new Uint8Array(SMALL + 1);
      const length = readBeginning(fd, scratch);
      if (length === undefined) return undefined;
      use?.note(name, fd);
      if (length > SMALL) return await readLong(fd, scratch, limit, signal);
      checkLimit(length, limit);
      return scratch.slice(0, length);
    } finally {
      closeQuietly(fd);
    }
  } catch (error) {
    throw storeError("reading a value", error, signal);
  }
}

/**
 * The length of a small value, or one more for a longer one; `undefined` for what is no file. A read of a file is short
 * only at its end, so one is enough; an empty one says nothing of its kind, so that is asked.
 */
function readBeginning(fd: number, into: Uint8Array): number | undefined {
  try {
    return readOnce(fd, into, 0, 0) || lengthOf(fd);
  } catch (error) {
    if (isNoFile(error)) return undefined;
    throw error;
  }
}

async function readLong(
  fd: number,
  beginning: Uint8Array,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | undefined> {
  const length = lengthOf(fd);
  if (length === undefined) return undefined;
  checkLimit(length, limit);
  const out = new Uint8Array(length);
  out.set(beginning.subarray(0, length));
  let at = beginning.byteLength;
  if (length <= AT_ONCE) at += readAll(fd, out.subarray(at), at);
  while (at < length) {
    signal?.throwIfAborted();
    const got = await readAllLater(fd, out.subarray(at, at + BLOCK), at);
    if (got === 0) break;
    at += got;
  }
  // Shorter than it was a moment ago: somebody cut it in place, and whoever verifies it will say so.
  return at < length ? out.slice(0, at) : out;
}

function checkLimit(length: number, limit: number): void {
  if (length > limit) throw new CacheError("ERR_CACHE_LIMIT", "the value is longer than the caller allows");
}
