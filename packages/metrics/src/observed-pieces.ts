/** Hears of an iteration. Times are milliseconds spent waiting for pieces, without what was done with them. */
export interface PieceObserver<T> {
  readonly now: () => number;
  onPiece?(piece: T): void;
  onError?(error: unknown, waited: number): void;
  /** At the end, or when no more is wanted. */
  onEnd?(waited: number): void;
}

/** The same pieces, observed. */
export function observedPieces<T>(source: AsyncIterable<T>, observer: PieceObserver<T>): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => new ObservedIterator(source[Symbol.asyncIterator](), observer) };
}

/** No generator: one that is closed before its first piece would never close its source. */
class ObservedIterator<T> implements AsyncIterator<T, undefined> {
  readonly #source: AsyncIterator<T>;
  readonly #observer: PieceObserver<T>;
  #waited = 0;
  #isOver = false;

  constructor(source: AsyncIterator<T>, observer: PieceObserver<T>) {
    this.#source = source;
    this.#observer = observer;
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    const since = this.#observer.now();
    try {
      const result = await this.#source.next();
      this.#waited += this.#observer.now() - since;
      if (result.done !== true) {
        this.#observer.onPiece?.(result.value);
        return result;
      }
    } catch (error) {
      this.#waited += this.#observer.now() - since;
      this.#once(() => this.#observer.onError?.(error, this.#waited));
      throw error;
    }
    this.#once(() => this.#observer.onEnd?.(this.#waited));
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#once(() => this.#observer.onEnd?.(this.#waited));
    await this.#source.return?.();
    return { done: true, value: undefined };
  }

  #once(tell: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    tell();
  }
}
