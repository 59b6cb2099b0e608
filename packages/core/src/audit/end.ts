import { closeSync, existsSync, renameSync } from "node:fs";
import { CacheError } from "../errors.ts";
import { START } from "./chain.ts";
import { append, dropBefore, isBroken, lastLine, type OpenFile, openToAppend, rotatedName } from "./files.ts";
import { type AuditLine, MOST_LINE } from "./line.ts";
import { endsOf, type Past, pastOf } from "./past.ts";
import type { Trust } from "./trust.ts";

/** When a file is put aside, and how many such are kept. */
export interface Limits {
  readonly maxBytes: number;
  readonly keep: number;
}

/** A log as one writer finds it. */
export interface Place {
  readonly path: string;
  readonly limits: Limits;
  readonly trust: Trust;
}

/** The end of a log, where one line is appended. Only for who holds its lock. */
export class LogEnd {
  /** Of the line to come. */
  readonly seq: number;
  readonly before: string;
  /** The first `seq` of each older file that is kept, when the line to come is the first of its file that is believed. */
  readonly files: readonly number[] | undefined;
  readonly #path: string;
  readonly #file: OpenFile;

  private constructor({ path, limits, trust }: Place, file: OpenFile, past: Past | undefined) {
    const present = lastLine(file, (line) => trust.believes(line));
    const from = present === undefined ? (past ?? pastOf(path, trust)) : undefined;
    const last = present ?? from?.last;
    this.#path = path;
    this.#file = file;
    this.seq = seqAfter(last);
    this.before = last?.link ?? START;
    this.files = from === undefined || from.kept.length === 0 ? undefined : from.kept.slice(-limits.keep);
  }

  /** Runs `work` at the end of the newest file, which was begun when the one before was full. */
  static at<T>(place: Place, work: (end: LogEnd) => T): T {
    let file = openToAppend(place.path);
    try {
      let past: Past | undefined;
      if (file.size > place.limits.maxBytes) {
        const full = file;
        past = putAside(place, full);
        file = openToAppend(place.path);
        closeSync(full.fd);
      }
      return work(new LogEnd(place, file, past));
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

/** Under a name that is taken only where somebody put files together who did not write them. Answers what comes after it. */
function putAside({ path, trust }: Place, file: OpenFile): Past {
  const ends = endsOf(file, trust);
  const past = pastOf(path, trust, ends);
  const next = seqAfter(past.last);
  let first = ends.first?.seq ?? next;
  while (existsSync(rotatedName(path, first))) first = countable(first + 1);
  renameSync(path, rotatedName(path, first));
  return past;
}

const seqAfter = (last: AuditLine | undefined): number => (last === undefined ? 0 : countable(last.seq + 1));

/** Only somebody who edits the log counts so far. */
function countable(seq: number): number {
  if (Number.isSafeInteger(seq)) return seq;
  throw new CacheError("ERR_CACHE_LIMIT", "a line of the log has the last number that there is");
}
