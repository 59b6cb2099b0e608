import { RecentMap } from "../../adapter/recent-map.ts";
import type { Name } from "../../ports/store.ts";

/** Most names that are told apart. */
const MOST = 65_536;

/** Names of which a near store may hold older bytes than the far one. What it has of them is not read, until it took a change again. */
export class Doubts {
  readonly #names = new Set<Name>();
  /** Once there were too many: which names are settled; all others are in doubt. */
  #settled: RecentMap<Name, boolean> | undefined;

  has(name: Name): boolean {
    return this.#settled === undefined ? this.#names.has(name) : this.#settled.get(name) !== true;
  }

  add(name: Name): void {
    if (this.#settled === undefined && this.#names.size >= MOST && !this.#names.has(name)) {
      this.#settled = new RecentMap(MOST);
      this.#names.clear();
    }
    if (this.#settled === undefined) this.#names.add(name);
    else this.#settled.set(name, false);
  }

  /** The near store has what the far one has, or nothing. */
  settle(name: Name): void {
    if (this.#settled === undefined) this.#names.delete(name);
    else this.#settled.set(name, true);
  }
}
