import { collect } from "@cache/core/bytes";
import type { SealerFixture } from "../../src/index.ts";
import type { Faults } from "../matrix.ts";
import { planted } from "./planted.ts";

async function* swallowing(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* pieces;
  } catch {}
}

async function* reusing(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(16_384);
  for await (const piece of pieces) {
    buffer.set(piece);
    yield buffer.subarray(0, piece.length);
  }
}

async function* firstOf(pieces: AsyncIterable<Uint8Array> | undefined): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces ?? []) {
    yield piece;
    return;
  }
}

/** Streams. */
export const streamFaults: Faults<SealerFixture> = {
  "tells another digest": planted(/^sealStream: tells/, (sealer) => ({
    sealStream(...given) {
      const stream = sealer.sealStream(...given);
      return { ...stream, finish: () => ({ ...stream.finish(), digest: new Uint8Array(32) }) };
    },
  })),
  "stops at an empty piece": planted(/^sealStream: pieces of one byte/, (sealer) => ({
    sealStream(namespace, content, metadata) {
      async function* stopping(): AsyncGenerator<Uint8Array> {
        for await (const piece of content) {
          if (piece.length === 0) return;
          yield piece;
        }
      }
      return sealer.sealStream(namespace, stopping(), metadata);
    },
  })),
  "keeps the pieces it is given": planted(/^sealStream: the content may use/, (sealer) => ({
    sealStream(namespace, content, metadata) {
      async function* keeping(): AsyncGenerator<Uint8Array> {
        const kept: Uint8Array[] = [];
        for await (const piece of content) kept.push(piece);
        yield* kept;
      }
      return sealer.sealStream(namespace, keeping(), metadata);
    },
  })),
  "swallows the error of the content": planted(/^sealStream: the error/, (sealer) => ({
    sealStream: (namespace, content, metadata) => sealer.sealStream(namespace, swallowing(content), metadata),
  })),
  "takes the error of reading for the end": planted(/: the error of the reading/, (sealer) => ({
    openStream: (context, read, length) =>
      sealer.openStream(context, async (start, end) => swallowing((await read(start, end)) as never), length),
  })),
  "ends a stream cleanly whatever happens": planted(/^openStream: (not one|damage|no part)/, (sealer) => ({
    async openStream(...given) {
      const opened = await sealer.openStream(...given);
      return opened?.verdict === "opened" ? { ...opened, content: swallowing(opened.content) } : opened;
    },
  })),
  "throws for what is absent": planted(/: undefined when|^openStream: what vanishes/, (sealer) => ({
    async openStream(...given) {
      const opened = await sealer.openStream(...given);
      if (opened === undefined) throw new Error("there is nothing");
      return opened;
    },
  })),
  "goes back in the sealed bytes": planted(/^openStream: asks/, (sealer) => ({
    async openStream(context, read, length) {
      const whole = await read(0, length);
      if (whole === undefined) return undefined;
      const bytes = await collect(whole);
      return sealer.openStream(context, (start, end) => read(start, Math.min(end, bytes.length)), length);
    },
  })),
  "uses one buffer for all the pieces it hands out": planted(/: (16385|262145) bytes open again/, (sealer) => ({
    async openStream(...given) {
      const opened = await sealer.openStream(...given);
      return opened?.verdict === "opened" ? { ...opened, content: reusing(opened.content) } : opened;
    },
  })),
  "reads only the first piece of a head": planted(/^openStream: sealed bytes may/, (sealer) => ({
    openStream: (context, read, length) =>
      sealer.openStream(
        context,
        async (start, end) => (start === 0 ? firstOf(await read(start, end)) : read(start, end)),
        length,
      ),
  })),
  "tells the sealed length for the size": planted(/open again/, (sealer) => ({
    async openStream(context, read, length) {
      const opened = await sealer.openStream(context, read, length);
      return opened?.verdict === "opened" ? { ...opened, size: length } : opened;
    },
  })),
};

/** Ranges. */
export const rangeFaults: Faults<SealerFixture> = {
  "takes the end of a range as part of it": planted(/^openRange: (every range|ranges from)/, (sealer) => ({
    openRange: (context, read, length, { start, end }) =>
      sealer.openRange(context, read, length, { start, end: end + 1 }),
  })),
  "tells the range's length for the size": planted(/^openRange: (every range|ranges from)/, (sealer) => ({
    async openRange(context, read, length, range) {
      const opened = await sealer.openRange(context, read, length, range);
      return opened?.verdict === "opened" ? { ...opened, size: range.end - range.start } : opened;
    },
  })),
  "refuses ranges out of bounds": planted(/^openRange: ranges from/, (sealer) => ({
    openRange(context, read, length, range) {
      if (range.start < 0 || range.end > length) throw new RangeError("out of bounds");
      return sealer.openRange(context, read, length, range);
    },
  })),
  "fails for a range of nothing": planted(/^openRange: any range of an empty/, (sealer) => ({
    async openRange(...given) {
      const opened = await sealer.openRange(...given);
      if (opened?.verdict === "opened" && opened.size === 0) throw new Error("nothing there");
      return opened;
    },
  })),
  "takes the error of reading a range for the end": planted(/: the error of the reading/, (sealer) => ({
    openRange: (context, read, length, range) =>
      sealer.openRange(context, async (start, end) => swallowing((await read(start, end)) as never), length, range),
  })),
};

/** Buffers that belong to somebody else. */
export const carelessFaults: Faults<SealerFixture> = {
  "opens in place": planted(/^seal and open: leave/, (sealer) => ({
    open(context, sealed) {
      const opened = sealer.open(context, sealed);
      if (opened.verdict === "foreign") return opened;
      sealed.set(opened.content.subarray(0, sealed.length));
      return opened;
    },
  })),
  "seals in place": planted(/^seal and open: leave/, (sealer) => ({
    seal(context, content, metadata) {
      const sealed = sealer.seal(context, content, metadata);
      content.fill(0);
      return sealed;
    },
  })),
};
