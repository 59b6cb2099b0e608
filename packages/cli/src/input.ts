import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { UsageError } from "./usage-error.ts";

/** Pieces of at most this many bytes. */
const PIECE = 262_144;

function unreadable(error: unknown): UsageError {
  const code = (error as { code?: string }).code ?? "";
  const why = code === "" ? "" : `: ${code}`;
  return new UsageError(`the input cannot be read${why}`, "name a file, or - for standard input");
}

async function openInput(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, "r");
    if (!(await file.stat()).isDirectory()) return file;
    await file.close();
  } catch (error) {
    throw unreadable(error);
  }
  throw new UsageError("the input is a directory", "name a file, or - for standard input");
}

async function* fromFile(path: string): AsyncGenerator<Uint8Array> {
  const file = await openInput(path);
  try {
    yield* file.createReadStream({ highWaterMark: PIECE, autoClose: false }) as AsyncIterable<Uint8Array>;
  } finally {
    await file.close();
  }
}

/**
 * The bytes of a file, or of standard input for `-` and when nothing is named.
 * @throws UsageError from the iteration, when they cannot be read
 */
export async function* inputOf(path: string | undefined): AsyncGenerator<Uint8Array> {
  try {
    if (path !== undefined && path !== "-") yield* fromFile(path);
    else yield* createReadStream("", { fd: 0, highWaterMark: PIECE, autoClose: false }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw error instanceof UsageError ? error : unreadable(error);
  }
}

/** All of the input. @throws UsageError for more than `limit` bytes */
export async function readInput(path: string | undefined, limit: number, hint: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of inputOf(path)) {
    length += piece.byteLength;
    if (length > limit) throw new UsageError(`the input is larger than ${limit} bytes`, hint);
    pieces.push(piece);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}
