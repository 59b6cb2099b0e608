import { noteNames } from "../cache/catalog.ts";
import type { Sealer } from "../ports/sealer.ts";
import type { Name } from "../ports/store.ts";

/**
 * Pairs sealed things with their notes, which are listed among the entries in any order. Only what has not met its other
 * half is remembered.
 */
export class Pairing {
  readonly #seal: Sealer;
  readonly #awaited = new Set<Name>();
  readonly #alone = new Set<Name>();

  constructor(seal: Sealer) {
    this.#seal = seal;
  }

  /** A thing whose note was read. */
  thing(name: Name): void {
    for (const note of noteNames(this.#seal, name)) if (!this.#alone.delete(note)) this.#awaited.add(note);
  }

  /** Something of ours that has no note: it is one itself, or has lost it. */
  without(name: Name): void {
    if (!this.#awaited.delete(name)) this.#alone.add(name);
  }

  /** How many met nothing. */
  get alone(): number {
    return this.#alone.size;
  }
}
