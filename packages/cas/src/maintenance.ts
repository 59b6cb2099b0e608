import { type CallOptions, type Duration, parseDuration, storeError } from "@cache/core/adapter";
import { leavingsIn, type Removed, removeLeavings } from "./leavings.ts";
import type { Eviction } from "./limits/eviction.ts";
import type { Room } from "./limits/room.ts";
import type { Paths } from "./paths.ts";
import { type Planted, plantedIn } from "./planted.ts";
import { type Quarantined, quarantinedIn } from "./quarantine.ts";
import type { StoreRoot } from "./root.ts";

/** Which left-overs to remove. */
export interface LeftOverOptions extends CallOptions {
  /** Only those that are older: milliseconds, or text such as `"1h"`. */
  readonly olderThan?: Duration | undefined;
}

/** What a file store has on its medium beside values, and how to be rid of it. */
export interface FileStoreMaintenance {
  /**
   * Removes what writers that were killed left behind. Temporary files of a writer that still works are younger, unless
   * its source let it wait for so long; its put then rejects with `ERR_CACHE_STORE`. The first put of every store does
   * the same by itself.
   * @param options - `olderThan` is one hour unless given
   */
  sweepTemporary(options?: LeftOverOptions): Promise<Removed>;
  /**
   * What other programs left among the values: links, FIFOs, directories and the like under the name of a value or of a
   * directory of values, and files of other names. Reads take none of it for a value, so no listing of values has it; a
   * put or a delete of the name it has taken sets it aside or removes it, and all else is in nobody's way.
   */
  planted(options?: CallOptions): AsyncIterable<Planted>;
  /**
   * What was set aside, for inspection: by `delete` with `quarantine`, and by a put or a delete that found something
   * planted in its way.
   */
  quarantined(options?: CallOptions): AsyncIterable<Quarantined>;
  /**
   * Removes what was set aside.
   * @param options - all of it unless `olderThan` is given
   */
  purgeQuarantine(options?: LeftOverOptions): Promise<Removed>;
  /**
   * Counts everything anew and removes what is more than `maxBytes` and `maxEntries` of this store allow; nothing when it has no
   * limits. A store does the same by itself. It is for a process whose only work this is. What could not be removed or counted
   * is in the answer; an aborted call rejects with the signal's reason, and `onEviction` tells what had gone by then.
   */
  evict(options?: CallOptions): Promise<Eviction>;
}

const TEMPORARY_GRACE = 3_600_000;

/** The maintenance of the store at a root. */
export function maintenanceOf(root: StoreRoot, room?: Room): FileStoreMaintenance {
  const remove = async (directory: keyof Paths, before: number, signal?: AbortSignal): Promise<Removed> => {
    signal?.throwIfAborted();
    try {
      const found = root.look();
      if (found === undefined) return { count: 0, bytes: 0 };
      return await removeLeavings(leavingsIn(found.paths[directory], signal), before);
    } catch (error) {
      throw storeError("removing left-overs", error, signal);
    }
  };
  return {
    async sweepTemporary({ olderThan = TEMPORARY_GRACE, signal } = {}) {
      return await remove("temporary", Date.now() - parseDuration(olderThan), signal);
    },
    async purgeQuarantine({ olderThan, signal } = {}) {
      const age = olderThan === undefined ? undefined : parseDuration(olderThan);
      const removed = await remove(
        "quarantine",
        age === undefined ? Number.POSITIVE_INFINITY : Date.now() - age,
        signal,
      );
      // What was purged took room, and nobody kept account of how much.
      if (removed.count > 0) await room?.evict({ signal });
      return removed;
    },
    async evict(options) {
      return (await room?.evict(options)) ?? { count: 0, bytes: 0, failed: 0 };
    },
    async *planted({ signal } = {}) {
      signal?.throwIfAborted();
      try {
        const found = root.look();
        if (found !== undefined) yield* plantedIn(found, signal);
      } catch (error) {
        throw storeError("looking for what is planted", error, signal);
      }
    },
    async *quarantined({ signal } = {}) {
      signal?.throwIfAborted();
      try {
        const found = root.look();
        if (found !== undefined) yield* quarantinedIn(found.paths.quarantine, signal);
      } catch (error) {
        throw storeError("listing the quarantine", error, signal);
      }
    },
  };
}
