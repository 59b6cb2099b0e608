import { RecentMap } from "../../adapter/recent-map.ts";
import type { CallOptions, GetOptions, Name, Store } from "../../ports/store.ts";
import { forward } from "../forward.ts";
import { NamedDraft } from "../named-draft.ts";

/** Most names that are remembered. */
const MOST = 65_536;

/**
 * A store whose misses are remembered for a while: whoever asks with `orMiss` for a name that was not there a moment ago is
 * told so at once. What this process puts or deletes is forgotten; what another puts is seen when the time is over.
 * @param time - milliseconds
 */
export function rememberingAbsence(store: Store, time: number): Store & AsyncDisposable {
  const memory = new Absences(time);
  return {
    ...forward(store),
    get: (name, options) => memory.read(name, options, () => store.get(name, options)),
    open: (name, options) => memory.read(name, options, () => store.open(name, options)),
    stat: (name, options) => memory.read(name, options, () => store.stat(name, options)),
    put: (name, bytes, options) => memory.change(name, () => store.put(name, bytes, options)),
    delete: (name, options) => memory.change(name, () => store.delete(name, options)),
    async putStream(draft, options) {
      const named = new NamedDraft(draft, (name) => memory.changed(name));
      try {
        return await store.putStream(named, options);
      } finally {
        if (named.name !== undefined) memory.changed(named.name);
      }
    },
  };
}

/** By name the time until which it counts as absent, or a number below 0 that differs after every change. */
class Absences {
  readonly #marks = new RecentMap<Name, number>(MOST);
  readonly #time: number;
  #changes = 0;

  constructor(time: number) {
    this.#time = time;
  }

  async read<T>(
    name: Name,
    options: CallOptions | undefined,
    work: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const before = this.#marks.get(name);
    const { orMiss, origin } = (options ?? {}) as GetOptions;
    if (orMiss === true && origin !== true && performance.now() < (before ?? 0)) return undefined;
    const found = await work();
    // Another mark: it was changed meanwhile, and what was found says nothing.
    if (before !== this.#marks.get(name)) return found;
    if (found === undefined) this.#marks.set(name, performance.now() + this.#time);
    else if (before !== undefined && before > 0) this.changed(name);
    return found;
  }

  /** Marks before and after: a read that overlaps with the change sees another mark at its end. */
  async change<T>(name: Name, work: () => Promise<T>): Promise<T> {
    this.changed(name);
    try {
      return await work();
    } finally {
      this.changed(name);
    }
  }

  changed(name: Name): void {
    this.#marks.set(name, -++this.#changes);
  }
}
