import { constants, fstatSync, lstatSync, openSync, renameSync, writeSync } from "node:fs";
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

/** Which ledger there was at some moment, how far it had been read, and what this process had not told. */
export interface Mark {
  readonly id: string | undefined;
  readonly length: number;
  readonly pending: Amount;
}

/**
 * How much all processes together keep in a store, without a look at the values: a file whose first line says what was
 * counted once, and to which everyone appends what came and went since. Appending is one call, so nobody waits for
 * anybody. It is an estimate: what a killed process had not yet appended is missing until all is counted again.
 */
export class Ledger {
  readonly #root: StoreRoot;
  #pending: Amount = NOTHING;
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

  /** What was last read, with what came since from here; `undefined` while nothing was counted. */
  get estimate(): Amount | undefined {
    return this.#count && sum(this.#count.total, this.#pending);
  }

  add(amount: Amount): void {
    this.#pending = sum(this.#pending, amount);
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

  /** Where the ledger is now: a count that begins now goes on from here. */
  mark(): Mark {
    this.flush();
    return { id: this.#count?.id, length: this.#length, pending: this.#pending };
  }

  /**
   * Replaces what was counted before. What was appended since the mark is added, though the count may have met some of
   * it: better to believe that there is a little more. When another process has replaced it meanwhile, its count stays.
   */
  replace(total: Amount, since: Mark): void {
    const paths = this.#root.look()?.paths;
    if (paths === undefined) return;
    const before = this.flush();
    if (before?.id !== since.id) return;
    if (before === undefined) this.add({ bytes: -since.pending.bytes, entries: -since.pending.entries });
    const appended = before === undefined ? NOTHING : changesSince(paths, since.length);
    write(paths, { id: randomName(), total: sum(total, appended), counted: Date.now() });
    this.flush();
  }

  #exchange(paths: Paths): Count | undefined {
    const fd = open(paths.ledger);
    if (fd === undefined) return undefined;
    try {
      const found = fstatSync(fd);
      if (!found.isFile() || found.size > TOO_LONG) return undefined;
      if (this.#pending.bytes !== 0 || this.#pending.entries !== 0) {
        writeSync(fd, utf8(changeLine(this.#pending)));
        this.#pending = NOTHING;
      }
      const count = this.#read(fd);
      if (count !== undefined && found.size > LONG) write(paths, { ...count, id: randomName() });
      return count;
    } finally {
      closeQuietly(fd);
    }
  }

  /** Reads on from where this process was, unless it is another ledger by now. */
  #read(fd: number): Count | undefined {
    const first = readFirst(bytesOf(fd, 0, FIRST_LENGTH));
    if (first === undefined) return undefined;
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

function changesSince({ ledger }: Paths, from: number): Amount {
  const fd = open(ledger);
  if (fd === undefined) return NOTHING;
  try {
    return readChanges(bytesOf(fd, from))?.change ?? NOTHING;
  } finally {
    closeQuietly(fd);
  }
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
