import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CacheError } from "../errors.ts";
import { type AuditLine, MOST_LINE, parseLine } from "./line.ts";

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR } = constants;
const SAFE = (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0);

/** What of a log's end is read for its last line: most often a little, at most two of the longest lines. */
const TAILS = [8192, 131_072, 2 * MOST_LINE];

/** `seq` of the first line of the file, so that their order is that of what is in them. */
const SUFFIX = /^\d{16}$/;
const LINE_FEED = 10;

/** The name of a file that is put aside. */
export const rotatedName = (path: string, first: number): string => `${path}.${String(first).padStart(16, "0")}`;

/** Of a file that was put aside, `seq` of its first line, as its name says. */
const firstSeqOf = (rotated: string): number => Number(rotated.slice(-16));

/** The files of a log that were put aside when they were full, the oldest first. */
export function rotatedFiles(path: string): string[] {
  const [directory, name] = [dirname(path), `${basename(path)}.`];
  const rotated = readdirSync(directory).filter(
    (each) => each.startsWith(name) && SUFFIX.test(each.slice(name.length)),
  );
  return rotated.sort().map((each) => join(directory, each));
}

/** Removes files whose lines are all before a `seq` that another one begins with. */
export function dropBefore(path: string, first: number): void {
  for (const each of rotatedFiles(path)) if (firstSeqOf(each) < first) rmSync(each, { force: true });
}

/** An open file. */
export interface OpenFile {
  readonly fd: number;
  readonly size: number;
}

/**
 * Opens the log to append to it; it is made if need be.
 * @throws CacheError `ERR_CACHE_UNSAFE_PATH` for what others could have prepared
 */
export function openToAppend(path: string): OpenFile {
  return opened(path, O_RDWR | O_APPEND | O_CREAT | SAFE);
}

/** Runs `work` on a file of the log that was put aside. */
export function withRotated<T>(path: string, work: (file: OpenFile) => T): T {
  const file = opened(path, O_RDONLY | SAFE);
  try {
    return work(file);
  } finally {
    closeSync(file.fd);
  }
}

const UNSAFE: readonly unknown[] = ["ELOOP", "EISDIR", "ENXIO"];

function opened(path: string, flags: number): OpenFile {
  let fd: number;
  try {
    fd = openSync(path, flags, 0o600);
  } catch (cause) {
    if (UNSAFE.includes((cause as { code?: unknown }).code)) throw unsafe(cause);
    throw cause;
  }
  const stats = fstatSync(fd);
  const me = process.geteuid?.();
  if (stats.isFile() && (me === undefined || (stats.uid === me && (stats.mode & 0o022) === 0))) {
    return { fd, size: stats.size };
  }
  closeSync(fd);
  throw unsafe();
}

const unsafe = (cause?: unknown): CacheError =>
  new CacheError(
    "ERR_CACHE_UNSAFE_PATH",
    "the audit log is not a file of this user's that nobody else can write to",
    cause === undefined ? {} : { cause },
  );

/** Writes all of it, or fails. */
export function append({ fd }: OpenFile, text: string): void {
  let rest: Uint8Array = Buffer.from(text);
  while (rest.byteLength > 0) rest = rest.subarray(writeSync(fd, rest));
}

/** Whether a line was begun and not ended: its writer was killed, or the medium full. */
export function isBroken({ fd, size }: OpenFile): boolean {
  return size > 0 && read(fd, size - 1, 1)[0] !== LINE_FEED;
}

/** The last line that is one and is believed, within the length of two of the longest. */
export function lastLine({ fd, size }: OpenFile, believes: (line: AuditLine) => boolean): AuditLine | undefined {
  for (const length of TAILS) {
    const from = Math.max(0, size - length);
    const lines = linesIn(read(fd, from, size - from));
    // What is before the first line feed is the end of a line.
    for (const line of (from === 0 ? lines : lines.slice(1)).reverse()) {
      const parsed = parseLine(line);
      if (parsed !== undefined && believes(parsed)) return parsed;
    }
  }
  return undefined;
}

/** The first line that is one and is believed, within the length of two of the longest. */
export function firstLine({ fd, size }: OpenFile, believes: (line: AuditLine) => boolean): AuditLine | undefined {
  for (const length of TAILS) {
    for (const line of linesIn(read(fd, 0, Math.min(size, length)))) {
      const parsed = parseLine(line);
      if (parsed !== undefined && believes(parsed)) return parsed;
    }
  }
  return undefined;
}

function read(fd: number, from: number, length: number): Uint8Array {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(fd, bytes, 0, length, from));
}

/** What line feeds end, and nothing else does. */
function linesIn(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let from = 0, to = 0; ; from = to + 1) {
    to = bytes.indexOf(LINE_FEED, from);
    if (to < 0) return lines;
    lines.push(bytes.subarray(from, to));
  }
}
