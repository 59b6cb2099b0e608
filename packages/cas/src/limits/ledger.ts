import { constants, fstatSync, lstatSync, openSync, renameSync, type Stats, writeSync } from "node:fs";
import { join } from "node:path";
import { utf8 } from "@cache/core/bytes";
import { closeQuietly, readAll, writeAll } from "../descriptor.ts";
import { unlinkQuietly } from "../moving.ts";
import { type Paths, randomName } from "../paths.ts";
import type { StoreRoot } from "../root.ts";
import { type Count, changeLine, FIRST_LENGTH, firstLine, readChanges, readFirst } from "./ledger-text.ts";
import { type Amount, NOTHING, sum } from "./limits.ts";

const { O_RDWR, O_APPEND, O_NOFOLLOW, O_NONBLOCK } = constants;
const FLAGS = O_RDWR | O_APPEND | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0);

/** A ledger of more bytes is begun again with its sum, and one of many more is none of ours. */
const LONG = 65_536;
const TOO_LONG = 16 * LONG;

/**
 * How much all processes together keep in a store, without a look at the values: a file whose first line says what was
 * counted once, and to which everyone appends what came and went since. Appending is one call, so nobody waits for
 * anybody. It is an estimate: what a killed process had not yet appended is missing until all is counted again.
 */
export class Ledger {
  readonly #root: StoreRoot;
  #pending: Amount = NOTHING;
  #own: Amount = NOTHING;
  #count: Count | undefined;
  /** How many bytes of it have been read. */
  #length = 0;

  constructor(root: StoreRoot) {
    this.#root = root;
  }

  /** What this process has not yet told the others. */
  get pending(): Amount {
    return this.#pending;
  }

  /** What came and went from here, told or not, since this process began. */
  get own(): Amount {
    return this.#own;
  }

  /** Which ledger was last read; `undefined` when there was none to be believed. */
  get id(): string | undefined {
    return this.#count?.id;
  }

  /** What was last read, with what came since from here; `undefined` while nothing was counted. */
  get estimate(): Amount | undefined {
    return this.#count && sum(this.#count.total, this.#pending);
  }

  add(amount: Amount): void {
    this.#pending = sum(this.#pending, amount);
    this.#own = sum(this.#own, amount);
  }

  /** Tells the others, and reads what they told. `undefined` when there is no ledger, or none to be believed. */
  flush(): Count | undefined {
    try {
      const paths = this.#root.look()?.paths;
      this.#count = paths && this.#exchange(paths);
    } catch {
      // An estimate that cannot be had is none. Then all is counted, and whatever is wrong here is told of there.
      this.#count = undefined;
    }
    return this.#count;
  }

  /**
   * Begins another ledger, with a total in which what came from here is. What others append between the last `flush` and
   * now is missing from it until all is counted again.
   */
  begin(total: Amount): void {
    const paths = this.#root.look()?.paths;
    if (paths === undefined) return;
    const whole = { bytes: Math.max(0, Math.round(total.bytes)), entries: Math.max(0, Math.round(total.entries)) };
    write(paths, { id: randomName(), total: whole, counted: Date.now() });
    this.#pending = NOTHING;
    this.flush();
  }

  #exchange(paths: Paths, attempts = 3): Count | undefined {
    const fd = open(paths.ledger);
    if (fd === undefined) return undefined;
    try {
      const found = fstatSync(fd);
      // Between the opening and now another took its place: what was appended here would be lost.
      if (found.nlink === 0 && attempts > 1) return this.#exchange(paths, attempts - 1);
      const first = isOurs(found) ? readFirst(bytesOf(fd, 0, FIRST_LENGTH)) : undefined;
      // Before anything is appended: a file that is no ledger is somebody else's.
      if (first === undefined) return undefined;
      if (this.#pending.bytes !== 0 || this.#pending.entries !== 0) {
        writeSync(fd, utf8(changeLine(this.#pending)));
        this.#pending = NOTHING;
      }
      const count = this.#read(fd, first);
      if (count !== undefined && found.size > LONG) write(paths, { ...count, id: randomName() });
      return count;
    } finally {
      closeQuietly(fd);
    }
  }

  /** Reads on from where this process was, unless it is another ledger by now. */
  #read(fd: number, first: { readonly count: Count; readonly length: number }): Count | undefined {
    const isSame = this.#count?.id === first.count.id;
    const count = isSame && this.#count !== undefined ? this.#count : first.count;
    const at = isSame ? this.#length : first.length;
    const changes = readChanges(bytesOf(fd, at));
    if (changes === undefined) return undefined;
    this.#length = at + changes.length;
    const total = sum(count.total, changes.change);
    // More has gone than ever came: something was not told.
    return total.bytes < 0 || total.entries < 0 ? undefined : { ...count, total };
  }
}

/** Whether it may be a ledger: through a hard link, or into another user's file, lines would go where none belong. */
function isOurs(found: Stats): boolean {
  const isMine = process.geteuid === undefined || found.uid === process.geteuid();
  return found.isFile() && found.nlink === 1 && isMine && found.size <= TOO_LONG;
}

function write({ ledger, temporary }: Paths, count: Count): void {
  const path = join(temporary, randomName());
  const fd = openSync(path, "wx", 0o600);
  try {
    writeAll(fd, utf8(firstLine(count)), 0);
    // Nothing can be moved over a directory that somebody planted. It goes where left-overs are swept.
    if (lstatSync(ledger, { throwIfNoEntry: false })?.isDirectory()) renameSync(ledger, join(temporary, randomName()));
    renameSync(path, ledger);
  } catch (error) {
    unlinkQuietly(path);
    throw error;
  } finally {
    closeQuietly(fd);
  }
}

/** What cannot be opened, a plant or a file without the rights to it, is as good as absent: then all is counted again. */
function open(path: string): number | undefined {
  try {
    return openSync(path, FLAGS);
  } catch {
    return undefined;
  }
}

/** The bytes from an offset to the end, or fewer. */
function bytesOf(fd: number, from: number, most: number = TOO_LONG): Uint8Array {
  const bytes = new Uint8Array(Math.min(most, Math.max(0, fstatSync(fd).size - from)));
  return bytes.subarray(0, readAll(fd, bytes, from));
}
