import { lstatSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { leavingsIn } from "../leavings.ts";
import { BATCH, spotsOf } from "../listing.ts";
import { KINDS } from "../paths.ts";
import type { Found } from "../root.ts";
import { type Amount, costOf } from "./limits.ts";

/** How much there is of everything that counts, by a look at each file, while other work goes on. */
export async function countAll(found: Found, signal?: AbortSignal): Promise<Amount> {
  let [bytes, entries, rows] = [0, 0, 0];
  for await (const { size } of leavingsIn(found.paths.quarantine, signal)) bytes += costOf(size);
  for (const kind of KINDS) {
    for (const { path } of spotsOf(found, kind)) {
      if (++rows % BATCH === 0) await nextTurn();
      signal?.throwIfAborted();
      const file = lstatSync(path, { throwIfNoEntry: false });
      if (!file?.isFile()) continue;
      bytes += costOf(file.size);
      if (kind !== "notes") entries += 1;
    }
  }
  return { bytes, entries };
}
