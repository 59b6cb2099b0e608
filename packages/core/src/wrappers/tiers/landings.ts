import { RecentMap } from "../../adapter/recent-map.ts";
import type { Name, Stat, Store } from "../../ports/store.ts";
import { forward } from "../forward.ts";
import { isContent } from "./debts.ts";

/** Most names that are remembered. */
const MOST = 65_536;

interface Landing {
  /** Not before it was there, in milliseconds since 1970 UTC by the clock of this process. */
  readonly at: number;
  readonly size: number;
}

/**
 * What this process has put in a store, to tell it from what others put there. A store tells when bytes came, and nothing of who
 * sent them; some of them count whole seconds.
 */
export class Landings {
  readonly #last = new RecentMap<Name, Landing>(MOST);

  /** A store whose puts are remembered, also those that nobody waits for any more. */
  noted(store: Store): Store & AsyncDisposable {
    return {
      ...forward(store),
      put: async (name, bytes, options) => {
        const size = bytes.byteLength;
        const result = await store.put(name, bytes, options);
        if (result.written && !isContent(name)) this.#last.set(name, { at: Date.now(), size });
        return result;
      },
    };
  }

  /**
   * Whether what the store has may be newer than what was put here at `since`. It is this process's own, and older, when it is as
   * long as what this process put there last, and not later than that. Of all else the latest time counts that it can
   * have come at, and a tie counts against the owed one: left out it is a miss or somebody's newer value, written it
   * would replace that.
   */
  mayBeNewer(name: Name, { modified, size }: Stat, since: number): boolean {
    const last = this.#last.get(name);
    const isOwn = last !== undefined && size === last.size && modified <= last.at;
    return !isOwn && latest(modified) >= since;
  }
}

/** A time of whole seconds was rounded down; of a finer one that looks like it, nearly a second is lost. */
const latest = (modified: number): number => (modified % 1000 === 0 ? modified + 999 : modified);
