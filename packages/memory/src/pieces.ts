import type { RangeOptions } from "@cache/core/adapter";
import type { Held } from "./held.ts";
import type { Residents } from "./residents.ts";

const PIECE = 65_536;

/** A range of bytes in copies. While it runs the value counts as being read. */
export async function* piecesOf(
  residents: Residents,
  held: Held,
  bytes: Uint8Array,
  { start = 0, end = bytes.length, signal }: RangeOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const last = Math.min(end, bytes.length);
  residents.beginReading(held);
  try {
    for (let at = Math.max(start, 0); at < last; at += PIECE) {
      signal?.throwIfAborted();
      yield bytes.slice(at, Math.min(at + PIECE, last));
    }
  } finally {
    residents.endReading(held);
  }
}
