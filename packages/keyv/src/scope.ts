/** Part of a cache: the keys of one namespace of Keyv, or all of them. */
export class Scope {
  readonly #prefix: string;

  constructor(namespace: string | undefined) {
    this.#prefix = namespace === undefined || namespace === "" ? "" : `${namespace}::`;
  }

  /** Whether it is all of the cache. */
  get isWhole(): boolean {
    return this.#prefix === "";
  }

  inCache(key: string): string {
    return this.#prefix + key;
  }

  /** The key as Keyv has it; `undefined` for one of another namespace. */
  inKeyv(key: string): string | undefined {
    return key.startsWith(this.#prefix) ? key.slice(this.#prefix.length) : undefined;
  }
}
