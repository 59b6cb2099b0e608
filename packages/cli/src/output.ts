import { writeSync } from "node:fs";
import { CacheError } from "@cache/core";

const STDOUT = 1;
const STDERR = 2;

/**
 * Writes what a descriptor takes at once and gives back the rest. Without the process's streams: loading them would cost a
 * short command more than all its work.
 */
function writeNow(descriptor: number, bytes: Uint8Array): Uint8Array {
  let rest = bytes;
  while (rest.byteLength > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      // A pipe that does not block is full; the stream waits for its reader.
      if (codeOf(error) === "EAGAIN") return rest;
      throw error;
    }
  }
  return rest;
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;

function writeByStream(stream: NodeJS.WriteStream, data: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    // Beside the callback, which tells us, nobody has to hear of it.
    if (stream.listenerCount("error") === 0) stream.on("error", () => undefined);
    stream.write(data, (error) => (error ? reject(error) : resolve()));
  });
}

function outputFailure(error: unknown): unknown {
  if (isBrokenPipe(error)) return error;
  return new CacheError("ERR_CACHE_STORE", "standard output could not be written", { cause: error });
}

/** Writes to standard output and waits until it is taken, so that memory stays bounded. */
export async function write(data: Uint8Array | string): Promise<void> {
  try {
    const rest = writeNow(STDOUT, typeof data === "string" ? Buffer.from(data) : data);
    if (rest.byteLength > 0) await writeByStream(process.stdout, rest);
  } catch (error) {
    throw outputFailure(error);
  }
}

/** One line of text. */
export function writeLine(text: string): Promise<void> {
  return write(`${text}\n`);
}

/** One JSON document in a line. */
export function writeJson(value: unknown): Promise<void> {
  return writeLine(JSON.stringify(value));
}

/** Text on standard error. If nobody listens any more, the exit code still tells. */
export function writeError(text: string): void {
  try {
    const rest = writeNow(STDERR, Buffer.from(text));
    if (rest.byteLength > 0) writeByStream(process.stderr, rest).catch(() => undefined);
  } catch {
    // As said above.
  }
}

/** A remark for people, on standard error. */
export function note(text: string): void {
  writeError(`cache: ${printable(text)}\n`);
}

/** Text that a terminal shows as it is: control characters and what reorders text are escaped. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** Whether the reader of our output has left. One who leaves, as `head` does, has what it wanted. */
export function isBrokenPipe(error: unknown): boolean {
  return codeOf(error) === "EPIPE";
}
