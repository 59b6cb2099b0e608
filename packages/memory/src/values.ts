import { type Kind, type Listed, type Name, type PutOptions, type PutResult, parseName } from "@cache/core/adapter";
import { tooLong } from "./collect.ts";
import { type Held, newHeld } from "./held.ts";
import { type Bound, Residents } from "./residents.ts";

/** The values of a store by name. Every method is one step: concurrent calls see all of it or nothing. */
export class Values {
  readonly residents: Residents;
  readonly #names: Readonly<Record<Kind, Map<Name, Held>>> = {
    blobs: new Map(),
    entries: new Map(),
    notes: new Map(),
  };
  #births = 0;
  #puts = 0;

  constructor(bound: Bound) {
    this.residents = new Residents(bound, (held) => this.#gone(held));
  }

  /** @throws TypeError for a malformed name, and the signal's reason */
  find(name: Name, signal: AbortSignal | undefined): Held | undefined {
    const held = this.#like(name).get(name);
    // A name that something is held under was looked at when it was put.
    if (held === undefined) parseName(name);
    signal?.throwIfAborted();
    return held;
  }

  /** @param own - whether the bytes are nobody else's, so that no copy is needed */
  put(name: Name, given: Uint8Array, { ifAbsent, signal }: PutOptions, own: boolean): PutResult {
    const found = this.find(name, signal);
    if (found !== undefined && ifAbsent === true) {
      this.residents.use(found);
      return { written: false };
    }
    if (!this.residents.fits(given.length)) throw tooLong();
    // Not slice: that of a Node Buffer shares memory.
    const bytes = own ? given : new Uint8Array(given);
    const held = found ?? newHeld(name, ++this.#births, bytes);
    if (found === undefined) this.#add(held);
    else this.residents.exchange(held, bytes);
    held.modified = Date.now();
    held.version = ++this.#puts;
    return { written: true };
  }

  delete(held: Held): void {
    this.residents.remove(held);
    this.#like(held.name).delete(held.name);
  }

  /** Those that are there when it begins, and still are when their turn comes. */
  async *rows(kind: Kind, signal: AbortSignal | undefined): AsyncGenerator<Listed, void, undefined> {
    signal?.throwIfAborted();
    const latest = this.#births;
    for (const { name, born, bytes, modified } of this.#names[kind].values()) {
      // In order of birth: from here on everything came after the listing began, and could come without end.
      if (born > latest) return;
      yield { name, size: bytes.length, modified };
      signal?.throwIfAborted();
    }
  }

  /** A value that is used stays, and so does its note. */
  use(held: Held): void {
    this.residents.use(held);
    if (this.#names.notes.size > 0) for (const partner of this.#partners(held)) this.residents.use(partner);
  }

  /** A value and its note are evicted together. */
  #gone(held: Held): void {
    this.#like(held.name).delete(held.name);
    if (this.#names.notes.size === 0) return;
    for (const partner of this.#partners(held)) {
      // One that is in no queue is just being put.
      if (partner.queue !== undefined) this.delete(partner);
    }
  }

  /** The note of a value, or what a note is about. */
  #partners({ name }: Held): Held[] {
    const { blobs, entries, notes } = this.#names;
    const digits = name.slice(name.indexOf("/") + 1);
    const found = name.startsWith("n")
      ? [blobs.get(`blobs/${digits}`), entries.get(`entries/${digits}`)]
      : [notes.get(`notes/${digits}`)];
    return found.filter((each) => each !== undefined);
  }

  /** By its first letter: what is no name is found in no map. */
  #like(name: Name): Map<Name, Held> {
    const { blobs, entries, notes } = this.#names;
    if (name.startsWith("e")) return entries;
    return name.startsWith("b") ? blobs : notes;
  }

  #add(held: Held): void {
    this.residents.add(held);
    this.#like(held.name).set(held.name, held);
  }
}
