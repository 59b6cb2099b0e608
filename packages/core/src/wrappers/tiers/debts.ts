import { CacheError } from "../../errors.ts";
import type { Name, PutOptions } from "../../ports/store.ts";

/** Bytes that a store has yet to get. */
export interface Debt {
  readonly bytes: Uint8Array;
  readonly options: Pick<PutOptions, "keepUntil">;
  /** When it was put, in milliseconds since 1970 UTC. */
  readonly since: number;
}

/** What a store is owed, in the order in which it came, of each name the newest. */
export class Debts {
  readonly #byName = new Map<Name, Debt>();
  readonly #limit: number;
  #bytes = 0;
  #contents = 0;

  /** @param limit - most bytes that are kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#byName.size;
  }

  get(name: Name): Debt | undefined {
    return this.#byName.get(name);
  }

  entries(): [Name, Debt][] {
    return [...this.#byName];
  }

  names(): Name[] {
    return [...this.#byName.keys()];
  }

  /** Whether there is content among it, which has to be there before what names it. */
  get hasContent(): boolean {
    return this.#contents > 0;
  }

  /** @returns false when there is no room */
  add(name: Name, { bytes, options, since }: Debt): boolean {
    const replaced = this.#byName.get(name)?.bytes.byteLength ?? 0;
    if (this.#bytes - replaced + bytes.byteLength > this.#limit) return false;
    this.remove(name);
    this.#byName.set(name, { bytes, options: { keepUntil: options.keepUntil }, since });
    this.#bytes += bytes.byteLength;
    if (isContent(name)) this.#contents++;
    return true;
  }

  /** Puts what could not be paid behind the others. */
  postpone(name: Name, debt: Debt): void {
    if (this.#byName.get(name) !== debt) return;
    this.#byName.delete(name);
    this.#byName.set(name, debt);
  }

  /** @param debt - only this one, and none that replaced it */
  remove(name: Name, debt: Debt | undefined = this.#byName.get(name)): void {
    if (debt === undefined || this.#byName.get(name) !== debt) return;
    this.#byName.delete(name);
    this.#bytes -= debt.bytes.byteLength;
    if (isContent(name)) this.#contents--;
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
