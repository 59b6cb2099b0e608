import { closeSync, constants, createReadStream, fstatSync, openSync, readSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { CacheError } from "../errors.ts";
import { rotatedFiles } from "./files.ts";
import { MOST_LINE } from "./line.ts";

/** How often a log is looked at that is put aside, or in the middle of a line, whenever it is. */
const TRIES = 100;
const PAUSE = 2;
const LINE_FEED = 10;

/** A file of a log, as long as it was at one moment. */
interface OpenedFile {
  readonly path: string;
  readonly fd: number;
  readonly ino: number;
  readonly size: number;
}

/** All files of a log at one moment, the oldest first: they stay readable when a writer puts them aside or removes them. */
export class Snapshot {
  readonly files: OpenedFile[] = [];

  /** Without the lock of the writers, since whoever verifies need not be able to write. */
  static async of(path: string): Promise<Snapshot> {
    for (let tries = 1; ; tries += 1) {
      const snapshot = new Snapshot();
      try {
        if (snapshot.#take(path, tries === TRIES)) return snapshot;
      } catch (error) {
        snapshot.close();
        throw error;
      }
      snapshot.close();
      if (tries === TRIES) throw new Error("the log is put aside more often than it can be looked at");
      await sleep(PAUSE);
    }
  }

  /** Whether nothing was put aside or removed meanwhile, and no writer is in the middle of a line. */
  #take(path: string, isLastTry: boolean): boolean {
    const names = namesOf(path);
    if (names.length === 0) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
    try {
      for (const name of names) this.files.push(open(name));
      return this.#isOfOneMoment(path) && (isLastTry || this.#isWhole());
    } catch (error) {
      if ((error as { code?: unknown }).code === "ENOENT") return false;
      throw error;
    }
  }

  close(): void {
    for (const { fd } of this.files) closeSync(fd);
  }

  #isOfOneMoment(path: string): boolean {
    const names = namesOf(path);
    return (
      names.length === this.files.length &&
      this.files.every((file, i) => file.path === names.at(i) && file.ino === statSync(file.path).ino)
    );
  }

  #isWhole(): boolean {
    const last = this.files.at(-1);
    if (last === undefined || last.size === 0) return true;
    const end = new Uint8Array(1);
    readSync(last.fd, end, 0, 1, last.size - 1);
    return end[0] === LINE_FEED;
  }
}

function namesOf(path: string): string[] {
  // In this order: what is put aside between the two is found by the second.
  const live = statSync(path, { throwIfNoEntry: false });
  const rotated = rotatedFiles(path);
  return live === undefined ? rotated : [...rotated, path];
}

function open(path: string): OpenedFile {
  // Without waiting: a pipe would have this wait for a writer for ever.
  const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  const stats = fstatSync(fd);
  if (stats.isFile()) return { path, fd, ino: stats.ino, size: stats.size };
  closeSync(fd);
  throw new CacheError("ERR_CACHE_UNSAFE_PATH", "a file of the audit log is no regular file");
}

/** The lines of a file, also one at its end that was not ended. `undefined` for one that is longer than any. */
export async function* linesOf({ fd, size }: OpenedFile): AsyncGenerator<Uint8Array | undefined> {
  if (size === 0) return;
  let [pending, length]: [Uint8Array[], number] = [[], 0];
  const take = (): Uint8Array | undefined => {
    const line = length > MOST_LINE ? undefined : Buffer.concat(pending);
    [pending, length] = [[], 0];
    return line;
  };
  const add = (piece: Uint8Array): void => {
    length += piece.byteLength;
    if (length <= MOST_LINE) pending.push(piece);
    else pending = [];
  };
  for await (const piece of createReadStream("", { fd, start: 0, end: size - 1, autoClose: false })) {
    let rest = piece as Uint8Array;
    for (let to = rest.indexOf(LINE_FEED); to >= 0; to = rest.indexOf(LINE_FEED)) {
      add(rest.subarray(0, to));
      yield take();
      rest = rest.subarray(to + 1);
    }
    add(rest);
  }
  if (length > 0) yield take();
}
