import type { Name, RangeOptions } from "@cache/core/adapter";
import { unexpected } from "./failures.ts";
import type { Body, Reading } from "./reading.ts";
import { inOrder } from "./window.ts";

const DOING = "reading a value";

/** Half-open, no further than the value; empty when it begins where it ends, or behind that. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** The bytes under a name in pieces, of one version: its pieces are never changed, only dropped. */
export async function open(
  reading: Reading,
  name: Name,
  options: RangeOptions,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  const { start = 0, end = Number.MAX_SAFE_INTEGER, signal } = options;
  const found = await reading.find(DOING, name, Number.MAX_SAFE_INTEGER, signal);
  if (found === undefined) return undefined;
  const range = { start: Math.max(0, start), end: Math.min(end, found.known.size) };
  if (found.bytes !== undefined) return atOnce(found.bytes, range, signal);
  return inPieces(reading, reading.body(name, found.known), range, signal);
}

async function* atOnce(
  bytes: Uint8Array,
  { start, end }: Range,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  signal?.throwIfAborted();
  if (start < end) yield bytes.slice(start, end);
}

async function* inPieces(
  reading: Reading,
  body: Body,
  { start, end }: Range,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (start >= end) return;
  const { chunk } = body.known;
  let at = Math.floor(start / chunk);
  const pieces = inOrder(Math.ceil(end / chunk), (index) => reading.piece(DOING, body, index, signal), at);
  for await (const piece of pieces) {
    signal?.throwIfAborted();
    if (piece === undefined) throw unexpected(DOING, "it was replaced, deleted or evicted while it was read");
    const before = at++ * chunk;
    yield piece.subarray(Math.max(0, start - before), end - before);
  }
}
