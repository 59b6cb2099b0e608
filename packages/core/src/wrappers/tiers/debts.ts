import { CacheError } from "../../errors.ts";
import type { Name } from "../../ports/store.ts";

/** Bytes that are put. */
export interface Write {
  readonly bytes: Uint8Array;
  readonly keepUntil: number | undefined;
  /** When it was put, in milliseconds since 1970 UTC. */
  readonly since: number;
}

/** Bytes that a store has yet to get. */
export interface Debt extends Write {
  /** Place in the order in which debts came. */
  readonly order: number;
  /** How often it could not be paid. */
  tries: number;
}

/**
 * What a debt counts beside its value, in bytes: the name, the objects around the bytes, its place in a map. Measured with some
 * hundred thousand small entries as 400 to 500, and as much again that the process holds and does not use.
 */
const OVERHEAD = 1024;

/** What a store is owed, of each name the newest; content by itself, for it has to be there before what names it. */
export class Debts {
  readonly #content = new Map<Name, Debt>();
  readonly #rest = new Map<Name, Debt>();
  readonly #limit: number;
  #cost = 0;
  #came = 0;

  /** @param limit - most bytes of memory that are taken */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#content.size + this.#rest.size;
  }

  get hasContent(): boolean {
    return this.#content.size > 0;
  }

  get(name: Name): Debt | undefined {
    return this.#of(name).get(name);
  }

  entries(): [Name, Debt][] {
    return [...this.#content, ...this.#rest];
  }

  /** Names of content. What failed goes behind the rest: it may be that one alone that fails. */
  content(): Name[] {
    return inTurn(this.#content);
  }

  /** As {@link content}, of everything else. */
  rest(): Name[] {
    return inTurn(this.#rest);
  }

  /** Content that was owed already when another debt began: that may name it. */
  contentBefore({ order }: Debt): Name[] {
    const names: Name[] = [];
    for (const [name, content] of this.#content) {
      // The oldest come first.
      if (content.order > order) break;
      names.push(name);
    }
    return names;
  }

  /** @returns false when there is no room */
  add(name: Name, { bytes, keepUntil, since }: Write): boolean {
    const replaced = this.get(name);
    const cost = this.#cost - costOf(replaced) + costOf({ bytes });
    if (cost > this.#limit) return false;
    this.#cost = cost;
    this.#came++;
    // Content that is put again is the same, and what was put between the two may name it already.
    const order = replaced !== undefined && isContent(name) ? replaced.order : this.#came;
    this.#of(name).set(name, { bytes, keepUntil, since, order, tries: replaced?.tries ?? 0 });
    return true;
  }

  /** @param debt - only this one, and none that replaced it */
  remove(name: Name, debt: Debt | undefined = this.get(name)): void {
    if (debt === undefined || this.get(name) !== debt) return;
    this.#of(name).delete(name);
    this.#cost -= costOf(debt);
  }

  #of(name: Name): Map<Name, Debt> {
    return isContent(name) ? this.#content : this.#rest;
  }
}

/** Of content every copy is the same. */
export function isContent(name: Name): boolean {
  return name.startsWith("blobs/");
}

/** For a close that leaves writes behind. */
export function unpaid(count: number, cause: unknown): CacheError {
  return new CacheError(
    "ERR_CACHE_STORE",
    `${count} ${count === 1 ? "write" : "writes"} did not reach a tier before the store was closed`,
    { cause },
  );
}

const costOf = (write: Pick<Write, "bytes"> | undefined): number =>
  write === undefined ? 0 : write.bytes.byteLength + OVERHEAD;

const inTurn = (debts: ReadonlyMap<Name, Debt>): Name[] =>
  [...debts].sort(([, one], [, other]) => one.tries - other.tries).map(([name]) => name);
