import { notify } from "@cache/core/adapter";

type ErrorListener = (error: unknown) => void;

/** Who listens to an adapter. It says nothing but errors. */
export class Listeners {
  readonly #listeners = new Set<ErrorListener>();

  add(event: string, listener: ErrorListener): void {
    if (event === "error") this.#listeners.add(listener);
  }

  tell(error: unknown): void {
    for (const listener of this.#listeners) notify(listener, error);
  }
}
