import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { CacheError } from "../errors.ts";

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDWR } = constants;
const FLAGS = O_RDWR | O_APPEND | O_CREAT | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0);

/** More than any line has. */
const TAIL = 65_536;

/** The files of a log that were put aside when they were full, the oldest first. */
export function rotatedFiles(path: string): string[] {
  const [directory, name] = [dirname(path), `${basename(path)}.`];
  const rotated = readdirSync(directory).filter(
    (each) => each.startsWith(name) && SUFFIX.test(each.slice(name.length)),
  );
  return rotated.sort().map((each) => join(directory, each));
}

/** Microseconds since 1970 UTC, and something that two processes do not choose alike. */
const SUFFIX = /^\d{17}-[0-9a-f]{8}$/;

function suffix(): string {
  const now = Math.floor((performance.timeOrigin + performance.now()) * 1000);
  return `${String(now).padStart(17, "0")}-${randomBytes(4).toString("hex")}`;
}

/**
 * Runs `work` on the log's open file, which is made if need be.
 * @throws CacheError `ERR_CACHE_UNSAFE_PATH` for what others could have prepared
 */
export function withLog<T>(path: string, work: (fd: number, length: number) => T): T {
  const fd = openSync(path, FLAGS, 0o600);
  try {
    const { uid, mode, size } = fstatSync(fd);
    const me = process.geteuid?.();
    const isFile = (mode & constants.S_IFMT) === constants.S_IFREG;
    if (!isFile || (me !== undefined && (uid !== me || (mode & 0o022) !== 0))) {
      throw new CacheError(
        "ERR_CACHE_UNSAFE_PATH",
        "the audit log is not a file of this user's that nobody else can write to",
      );
    }
    return work(fd, size);
  } finally {
    closeSync(fd);
  }
}

/** Appends in one call, so that lines of several processes stand one after the other. */
export function append(fd: number, line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  if (writeSync(fd, bytes) < bytes.length)
    throw new CacheError("ERR_CACHE_STORE", "the audit log took a part of a line");
}

/** The last whole line. */
export function lastLine(fd: number, length: number): string | undefined {
  const bytes = Buffer.alloc(Math.min(TAIL, length));
  const text = bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, length - bytes.length)).toString("utf8");
  return text.split("\n").at(-2);
}

/** Puts a full file aside and removes the oldest ones. Another process may just have done it; then there is one more. */
export function rotate(path: string, keep: number): void {
  renameSync(path, `${path}.${suffix()}`);
  for (const old of rotatedFiles(path).slice(0, -keep)) unlinkSync(old);
}
