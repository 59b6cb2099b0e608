import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** Bytes of one read of a file. */
const PIECE = 262_144;

/** What is to be stored; it can be read more than once. */
export interface Source {
  read(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** What somebody stores: bytes, or a file by its path. */
export type Content = Uint8Array | string;

/** @throws TypeError for what is neither bytes nor the path of a file */
export async function sourceOf(content: Content): Promise<Source> {
  if (content instanceof Uint8Array) return heldSource(Uint8Array.from(content));
  if (typeof content !== "string" || content === "")
    throw new TypeError("a version is a Uint8Array or the path of a file");
  // Not blocking: a FIFO would wait for a writer for ever before it is refused.
  return fileSource(await open(content, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)));
}

/** A copy, so that the caller may use its buffer again while it is read. */
function heldSource(bytes: Uint8Array): Source {
  return {
    async *read() {
      for (let at = 0; at < bytes.byteLength; at += PIECE) yield bytes.subarray(at, at + PIECE);
    },
    close: async () => {},
  };
}

async function fileSource(file: FileHandle): Promise<Source> {
  if (!(await file.stat()).isFile()) {
    await file.close();
    throw new TypeError("what lies at the path is no file");
  }
  return { read: () => readFile(file), close: () => file.close() };
}

/** From the beginning, whatever was read of it before: it is one file, even if another takes its path meanwhile. */
async function* readFile(file: FileHandle): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; ; ) {
    const { bytesRead, buffer } = await file.read(new Uint8Array(PIECE), 0, PIECE, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Which bytes they are. */
export interface Measure {
  /** SHA-256 in hexadecimal. */
  readonly digest: string;
  readonly size: number;
}

/** Measures pieces as they pass. */
export class Measuring {
  readonly #hash = createHash("sha256");
  #size = 0;

  async *pass(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const piece of pieces) {
      this.#hash.update(piece);
      this.#size += piece.byteLength;
      yield piece;
    }
  }

  /** Of all that has passed; ask once. */
  measure(): Measure {
    return { digest: this.#hash.digest("hex"), size: this.#size };
  }
}

/** Reads all of it. */
export async function measure(pieces: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<Measure> {
  const measuring = new Measuring();
  for await (const _ of measuring.pass(pieces)) signal?.throwIfAborted();
  return measuring.measure();
}
