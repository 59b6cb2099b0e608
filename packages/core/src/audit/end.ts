import { closeSync, existsSync, renameSync } from "node:fs";
import { CacheError } from "../errors.ts";
import { START } from "./chain.ts";
import {
  append,
  dropBefore,
  firstLine,
  firstSeqOf,
  isBroken,
  lastLine,
  type OpenFile,
  openToAppend,
  rotatedFiles,
  rotatedName,
  withRotated,
} from "./files.ts";
import { type AuditLine, MOST_LINE } from "./line.ts";

/** When a file is put aside, and how many such are kept. */
export interface Limits {
  readonly maxBytes: number;
  readonly keep: number;
}

/** The end of a log, where one line is appended. Only for who holds its lock. */
export class LogEnd {
  /** Of the line to come. */
  readonly seq: number;
  readonly before: string;
  /** The first `seq` of each older file that is kept, when the line to come begins a file. */
  readonly files: readonly number[] | undefined;
  readonly #path: string;
  readonly #file: OpenFile;

  private constructor(path: string, file: OpenFile, keep: number, earlier: Earlier | undefined) {
    const present = lastLine(file);
    const from = present === undefined ? (earlier ?? newestOf(path)) : undefined;
    const last = present ?? from?.last;
    this.#path = path;
    this.#file = file;
    this.seq = last === undefined ? 0 : last.seq + 1;
    this.before = last?.link ?? START;
    this.files = file.size > 0 ? undefined : from?.kept.slice(-keep);
  }

  /** Runs `work` at the end of the newest file, which was begun when the one before was full. */
  static at<T>(path: string, { maxBytes, keep }: Limits, work: (end: LogEnd) => T): T {
    let file = openToAppend(path);
    try {
      let earlier: Earlier | undefined;
      if (file.size > maxBytes) {
        const full = file;
        earlier = earlierOf(full, putAside(path, full));
        file = openToAppend(path);
        closeSync(full.fd);
      }
      return work(new LogEnd(path, file, keep, earlier));
    } finally {
      closeSync(file.fd);
    }
  }

  append(line: string): void {
    // A line that was not ended stays what it is, and spoils no other one.
    const text = `${isBroken(this.#file) ? "\n" : ""}${line}\n`;
    if (Buffer.byteLength(text) > MOST_LINE) throw new CacheError("ERR_CACHE_LIMIT", "the line is too long for a log");
    append(this.#file, text);
  }

  /** Removes the files that are no longer kept, after the line that says so was written. */
  dropOld(): void {
    const oldest = this.files?.[0];
    if (oldest !== undefined) dropBefore(this.#path, oldest);
  }
}

/** Under a name that is taken only where somebody put files together who did not write them. Answers its number. */
function putAside(path: string, file: OpenFile): number {
  let first = firstLine(file)?.seq ?? 0;
  while (existsSync(rotatedName(path, first))) first += 1;
  renameSync(path, rotatedName(path, first));
  return first;
}

/** Of the file before one that is begun. */
interface Earlier {
  readonly last: AuditLine | undefined;
  /** The first `seq` of each file that was kept when it was begun, and its own. */
  readonly kept: readonly number[];
}

/** What is kept is said by lines and not by the directory, where any file may be gone that the log did not drop. */
function earlierOf(file: OpenFile, first: number): Earlier {
  return { last: lastLine(file), kept: [...(firstLine(file)?.files ?? []), first] };
}

/** For a writer that finds no file, because another was killed when it had put one aside. */
function newestOf(path: string): Earlier | undefined {
  const newest = rotatedFiles(path).at(-1);
  return newest === undefined ? undefined : withRotated(newest, (file) => earlierOf(file, firstSeqOf(newest)));
}
