import { fchmodSync, fstatSync } from "node:fs";

/** Milliseconds in which further uses of a value are not noted: the order by use is as fine as that. */
const FINENESS = 60_000;

/** Values whose last note is remembered. */
const MOST = 65_536;

/**
 * Notes when values are used, on the medium, where all processes see it. Setting the permissions to what they are sets
 * the time of the last change, and nothing else: the time of the last write, on which versions rest, stays to the
 * nanosecond, and the time of the last access would not do, since backups and searches change that as well.
 */
export class Use {
  readonly #noted = new Map<string, number>();

  note(name: string, fd: number): void {
    const now = Date.now();
    const last = this.#noted.get(name);
    if (last !== undefined && now >= last && now - last < FINENESS) return;
    if (this.#noted.size >= MOST) this.#noted.clear();
    this.#noted.set(name, now);
    try {
      fchmodSync(fd, fstatSync(fd).mode & 0o7777);
    } catch {
      // On a medium that cannot be written to, and on Windows: then what was written first goes first.
    }
  }
}
