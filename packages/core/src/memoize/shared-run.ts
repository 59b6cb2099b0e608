/** Items as they come, and what the iteration ends with. */
export type Items<Item, End> = AsyncIterable<Item, End> | Iterable<Item, End>;

/**
 * One iteration that several readers follow, each from its beginning and at its own pace; the fastest drives it. When the
 * last one leaves before the end, it is ended, too.
 */
export class SharedRun<Item, End> {
  readonly #items: Item[] = [];
  readonly #source: AsyncGenerator<Item, End, undefined>;
  readonly #left: () => void;
  #readers = 0;
  #pull: Promise<void> | undefined;
  #end: { readonly value: End } | undefined;

  /** @param left - called when nobody follows any more */
  constructor(source: AsyncGenerator<Item, End, undefined>, left: () => void) {
    this.#source = source;
    this.#left = left;
  }

  async *read(): AsyncGenerator<Item, End, undefined> {
    this.#readers += 1;
    try {
      for (let at = 0; ; at++) {
        while (at === this.#items.length && this.#end === undefined) await this.#next();
        if (at === this.#items.length) return (this.#end as { readonly value: End }).value;
        yield this.#items[at] as Item;
      }
    } finally {
      this.#readers -= 1;
      if (this.#readers === 0) await this.#leave();
    }
  }

  /** One step for all who wait for it. */
  #next(): Promise<void> {
    this.#pull ??= this.#step().finally(() => {
      this.#pull = undefined;
    });
    return this.#pull;
  }

  async #step(): Promise<void> {
    const next = await this.#source.next();
    if (next.done === true) this.#end = { value: next.value };
    else this.#items.push(next.value);
  }

  /** First nobody new may follow what is about to end. */
  async #leave(): Promise<void> {
    this.#left();
    // Of an iteration that has ended or failed nothing happens.
    await this.#source.return(undefined as never);
  }
}
