import { concat } from "../bytes/join.ts";
import type { ReadRange } from "../ports/sealer.ts";

/**
 * Reads by offset, in rising order, from one open stream. Head and body of a sealed thing so come from one version of
 * it even when it is replaced between the two reads.
 */
export function sequentialReader(pieces: AsyncIterable<Uint8Array>): { read: ReadRange; close(): Promise<void> } {
  const source = pieces[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  let at = 0;

  async function* range(start: number, end: number): AsyncGenerator<Uint8Array> {
    if (start < at) throw new TypeError("a sequential reader does not go back");
    while (at < end) {
      if (rest.byteLength === 0) {
        const next = await source.next();
        if (next.done === true) return;
        rest = next.value;
      }
      const skip = Math.min(rest.byteLength, Math.max(0, start - at));
      const part = rest.subarray(skip, skip + Math.max(0, Math.min(rest.byteLength - skip, end - at - skip)));
      rest = rest.subarray(skip + part.byteLength);
      at += skip + part.byteLength;
      if (part.byteLength > 0) yield part;
    }
  }

  return {
    // Short ranges are read at once, so that a caller may hold one while it asks for the next.
    async read(start, end) {
      if (end - start > 65_536) return range(start, end);
      const parts: Uint8Array[] = [];
      for await (const part of range(start, end)) parts.push(part);
      const bytes = concat(...parts);
      return (async function* () {
        yield bytes;
      })();
    },
    async close() {
      await source.return?.();
    },
  };
}
