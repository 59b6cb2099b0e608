import { setImmediate as nextTurn } from "node:timers/promises";
import { leavingsIn } from "../leavings.ts";
import { BATCH, spotsOf } from "../listing.ts";
import { KINDS } from "../paths.ts";
import type { Found } from "../root.ts";
import { type Candidate, candidateAside, candidateAt } from "./candidate.ts";
import { digitsAtRandom } from "./digits.ts";
import { type Amount, NOTHING, sum, times } from "./limits.ts";

/** What a look at the files of a store found. */
export interface Seen {
  /** How much there is; when not all was looked at, as much as the rest would make it. */
  readonly amount: Amount;
  /** Whether all was looked at. */
  readonly isWhole: boolean;
  /** What takes more room alone than all may take together. It is not in the amount: nothing else has to go for it. */
  readonly oversize: readonly Candidate[];
}

/** How to look. */
export interface CountOptions {
  /** The room that all may take. */
  readonly room: number;
  /** Files after which a part that was looked at stands for all. */
  readonly enough: number;
  readonly signal?: AbortSignal | undefined;
}

/** How much there is of everything that counts, by a look at each file, or at enough of them, while other work goes on. */
export async function count(found: Found, { room, enough, signal }: CountOptions): Promise<Seen> {
  const now = Date.now();
  const oversize: Candidate[] = [];
  const add = (to: Amount, candidate: Candidate | undefined): Amount => {
    if (candidate === undefined) return to;
    if (candidate.cost.bytes <= room) return sum(to, candidate.cost);
    oversize.push(candidate);
    return to;
  };
  let [aside, values] = [NOTHING, NOTHING];
  for await (const leaving of leavingsIn(found.paths.quarantine, signal))
    aside = add(aside, candidateAside(leaving, now));
  const digits = digitsAtRandom(found);
  let [rows, looked] = [0, 0];
  for (; looked < digits.length && rows < enough; looked++) {
    for (const candidate of candidatesWith(found, digits[looked] as string, now)) {
      if (++rows % BATCH === 0) await nextTurn();
      signal?.throwIfAborted();
      values = add(values, candidate);
    }
  }
  const share = looked === 0 ? 1 : digits.length / looked;
  return { amount: sum(aside, times(values, share)), isWhole: looked === digits.length, oversize };
}

function* candidatesWith(found: Found, digits: string, now: number): Generator<Candidate | undefined> {
  for (const kind of KINDS) {
    for (const spot of spotsOf(found, kind, digits)) yield candidateAt(spot, `${kind}/${spot.hex}`, false, now);
  }
}
