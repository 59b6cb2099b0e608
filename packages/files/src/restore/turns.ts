import { resolve } from "node:path";

/** Work on one path goes one after the other, within a process. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Does the work when all that came before it for the path is over, however it ended. */
  async take<T>(path: string, work: () => Promise<T>): Promise<T> {
    const place = resolve(path);
    const mine = (this.#last.get(place) ?? Promise.resolve()).then(work, work);
    this.#last.set(place, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(place) === mine) this.#last.delete(place);
    }
  }
}
