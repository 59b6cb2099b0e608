import { RecentMap } from "@cache/core/adapter";

/** Keys in doubt that are remembered. */
const MOST = 10_000;

/** What failed for a key. What lies there may be what was invalidated since, and is looked at before it is given out. */
export interface Doubt {
  /** When it was invalidated and the others could not be told, in milliseconds since 1970 UTC. */
  readonly unannounced?: number | undefined;
  /** Whether something has to go that could not be removed. */
  readonly unremoved?: boolean | undefined;
}

/** Keys under which this process left something half done. */
export class Doubts {
  readonly #byKey = new RecentMap<string, Doubt | null>(MOST);

  of(key: string): Doubt | undefined {
    return this.#byKey.get(key) ?? undefined;
  }

  /** Besides what is in doubt already. */
  add(key: string, { unannounced, unremoved }: Doubt): void {
    const known = this.of(key);
    const times = [known?.unannounced, unannounced].filter((time) => time !== undefined);
    this.#byKey.set(key, {
      unannounced: times.length === 0 ? undefined : Math.max(...times),
      unremoved: known?.unremoved === true || unremoved === true,
    });
  }

  /** @param known - what was mended: what came to it since stays in doubt */
  settle(key: string, known: Doubt | undefined): void {
    if (known !== undefined && this.of(key) === known) this.#byKey.set(key, null);
  }
}
