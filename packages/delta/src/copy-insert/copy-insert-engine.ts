import type { DeltaEngine } from "../engine.ts";
import { compressed, decompressed } from "./compression.ts";
import { InstructionReader } from "./instructions.ts";
import { Matcher } from "./matcher.ts";
import { ReferenceIndex } from "./reference-index.ts";
import { windowsOf } from "./windows.ts";

/** Without what a Buffer does otherwise: its `slice` shares memory. */
const plain = ({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/**
 * The engine that is always there: copies from the reference and insertions, compressed with Brotli (docs/format.md). It
 * needs the reference and an index of a quarter of it in memory, and takes the target in windows of 1 MiB.
 */
export function copyInsertEngine(): DeltaEngine {
  return {
    name: "copy-insert-1",
    encode: (reference, target, options) => compressed(instructions(plain(reference), target, options?.signal)),
    async *decode(reference, delta, { size, signal }) {
      const reader = new InstructionReader(plain(reference), size);
      for await (const bytes of decompressed(delta)) {
        for (const piece of reader.push(bytes)) {
          signal?.throwIfAborted();
          yield piece;
        }
      }
      reader.finish();
    },
  };
}

async function* instructions(
  reference: Uint8Array,
  target: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const matcher = new Matcher(reference, await ReferenceIndex.of(reference, signal));
  for await (const window of windowsOf(target)) {
    signal?.throwIfAborted();
    yield matcher.encode(window);
  }
}
