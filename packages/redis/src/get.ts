import type { GetOptions, Name } from "@cache/core/adapter";
import { concat } from "@cache/core/bytes";
import { tooLong, unexpected } from "./failures.ts";
import type { Body, Reading } from "./reading.ts";
import { inOrder } from "./window.ts";

const DOING = "reading a value";
/** How often a value may be replaced while it is read before that counts as failure. */
const ATTEMPTS = 4;

/** All bytes under a name. Those of a long value are asked for together, so many at once. */
export async function get(reading: Reading, name: Name, options: GetOptions): Promise<Uint8Array | undefined> {
  const { limit = Number.MAX_SAFE_INTEGER, signal } = options;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found = await reading.find(DOING, name, limit, signal);
    if (found === undefined) return undefined;
    if (found.known.size > limit) throw tooLong();
    const bytes = found.bytes ?? (await whole(reading, reading.body(name, found.known), signal));
    if (bytes !== undefined) return bytes;
    // Gone since it was found: evicted, or replaced and no longer kept. The next look says which.
  }
  throw unexpected(DOING, "its pieces were gone again and again while it was read");
}

async function whole(reading: Reading, body: Body, signal: AbortSignal | undefined): Promise<Uint8Array | undefined> {
  const count = Math.ceil(body.known.size / body.known.chunk);
  const parts: Uint8Array[] = [];
  for await (const part of inOrder(count, (at) => reading.piece(DOING, body, at, signal))) {
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return concat(...parts);
}
