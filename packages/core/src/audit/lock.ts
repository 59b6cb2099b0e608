import { randomUUID } from "node:crypto";
import { type BigIntStats, closeSync, fstatSync, linkSync, lstatSync, openSync, renameSync, rmSync } from "node:fs";
import { CacheError } from "../errors.ts";

/** Who holds a lock does so for the time of a few calls. One that holds it for so many milliseconds was killed. */
const PATIENCE = 3_000;

/** Nobody writes into a lock, so that its file and time are those of its making. */
const identityOf = ({ dev, ino, mtimeNs }: BigIntStats): string => `${dev} ${ino} ${mtimeNs}`;

/** A file that is there while a process writes: without native code Node has no other lock between processes. */
export class Lock {
  readonly #path: string;
  readonly #identity: string;

  private constructor(path: string, identity: string) {
    this.#path = path;
    this.#identity = identity;
  }

  /** Waits as long as others take turns, and three seconds for one that does not give it back. */
  static take(path: string): Lock {
    let [holder, since] = ["", performance.now()];
    for (;;) {
      const identity = make(path);
      if (identity !== undefined) return new Lock(path, identity);
      const present = holderOf(path);
      if (present !== holder) [holder, since] = [present, performance.now()];
      // By the time this process waited and not by the lock's age, since clocks differ and are set.
      else if (holder !== NOBODY && performance.now() - since > PATIENCE) breakUp(path, holder);
      pause();
    }
  }

  /** Whether nobody took this process for dead. */
  isHeld(): boolean {
    return holderOf(this.#path) === this.#identity;
  }

  release(): void {
    if (this.isHeld()) rmSync(this.#path, { force: true });
  }
}

const NOBODY = "";

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;

function make(path: string): string | undefined {
  try {
    const fd = openSync(path, "wx", 0o600);
    try {
      return identityOf(fstatSync(fd, { bigint: true }));
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (codeOf(error) === "EEXIST") return undefined;
    throw error;
  }
}

function holderOf(path: string): string {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return NOBODY;
  if (!stats.isFile()) throw new CacheError("ERR_CACHE_UNSAFE_PATH", `what lies at ${path} is no lock`);
  return identityOf(stats);
}

/** Takes a lock away that nobody will. One that another process made meanwhile is put back. */
function breakUp(path: string, holder: string): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  try {
    if (holderOf(aside) !== holder) linkSync(aside, path);
  } catch {
    // Another process has it by now. Whose it was looks before it writes, and waits for its turn again.
  } finally {
    rmSync(aside, { force: true });
  }
}

const cell = new Int32Array(new SharedArrayBuffer(4));

/** Sleeps for about half a millisecond, not all for as long as each other. */
function pause(): void {
  Atomics.wait(cell, 0, 0, 0.2 + Math.random() * 0.6);
}
