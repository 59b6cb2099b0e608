import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A directory of one run, and new directories in it. */
export class Scratch {
  #base = mkdtempSync(join(tmpdir(), "cache-bench-"));
  #made = 0;

  /** @returns {string} the path of a new private directory */
  directory() {
    const path = join(this.#base, String(this.#made++));
    mkdirSync(path, { mode: 0o700 });
    return path;
  }

  /** @param {string} path */
  remove(path) {
    rmSync(path, { recursive: true, force: true });
  }

  end() {
    this.remove(this.#base);
  }
}
