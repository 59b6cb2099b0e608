import type { Progress } from "@cache/core/maintenance";
import { sizeText } from "./units.ts";

const INTERVAL = 100;

/** A line on standard error that says how far a long job is; only for somebody who watches a terminal. */
export interface ProgressLine {
  show(text: string): void;
  done(): void;
}

/** The progress line of a command that prints for people or for programs. */
export function progressLine(): ProgressLine {
  if (process.stderr.isTTY !== true) return { show: () => undefined, done: () => undefined };
  let last = Date.now();
  let shown = false;
  return {
    show(text) {
      if (Date.now() - last < INTERVAL) return;
      last = Date.now();
      shown = true;
      process.stderr.write(`\r\u001b[2K${text}`);
    },
    done() {
      if (shown) process.stderr.write("\r\u001b[2K");
    },
  };
}

/** Runs a maintenance job under a progress line. */
export async function watched<T>(
  doing: string,
  job: (onProgress: (progress: Progress) => void) => Promise<T>,
): Promise<T> {
  const line = progressLine();
  try {
    return await job(({ phase, done, bytes }) => line.show(`${doing} ${phase}: ${done}, ${sizeText(bytes)}`));
  } finally {
    line.done();
  }
}

/** Counts bytes as they pass. */
export async function* counted(doing: string, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const line = progressLine();
  let bytes = 0;
  try {
    for await (const piece of pieces) {
      bytes += piece.byteLength;
      line.show(`${doing}: ${sizeText(bytes)}`);
      yield piece;
    }
  } finally {
    line.done();
  }
}
