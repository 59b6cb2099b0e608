import { type Name, parseName, type RangeOptions, storeError } from "@cache/core/adapter";
import { BLOCK, closeQuietly, readAll } from "./descriptor.ts";
import { type FilePart, fileBlocks, onlyPiece } from "./file-blocks.ts";
import type { Use } from "./limits/use.ts";
import { openValue } from "./reading.ts";
import type { StoreRoot } from "./root.ts";
import { lengthOf } from "./value-file.ts";

/**
 * Opens a value for reading in blocks. The file is opened now: whatever is put or deleted under the name later, this
 * version is delivered. What fits into a block is also read now, and its descriptor given back.
 */
export async function openBlocks(
  root: StoreRoot,
  name: Name,
  options: RangeOptions = {},
  use?: Use,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  const place = parseName(name);
  const { signal } = options;
  signal?.throwIfAborted();
  try {
    const fd = await openValue(root, place, signal);
    if (fd === undefined) return undefined;
    use?.note(name, fd);
    return blocksOf(fd, options);
  } catch (error) {
    throw storeError("opening a value", error, signal);
  }
}

function blocksOf(fd: number, options: RangeOptions): AsyncIterable<Uint8Array> | undefined {
  let handedOver = false;
  try {
    const length = lengthOf(fd);
    if (length === undefined) return undefined;
    const part = partOf(fd, length, options);
    if (part.end - part.start <= BLOCK) return onlyPiece(readNow(part), options.signal);
    handedOver = true;
    return fileBlocks(part, options.signal);
  } finally {
    if (!handedOver) closeQuietly(fd);
  }
}

/** The part that a range means. Out of bounds is cut. */
function partOf(fd: number, length: number, { start = 0, end = length }: RangeOptions): FilePart {
  const within = (offset: number) => Math.min(Math.max(Math.trunc(offset) || 0, 0), length);
  return { fd, start: within(start), end: Math.max(within(start), within(end)) };
}

function readNow({ fd, start, end }: FilePart): Uint8Array {
  const bytes = new Uint8Array(end - start);
  if (readAll(fd, bytes, start) < bytes.byteLength) throw new Error("the file became shorter while it was read");
  return bytes;
}
