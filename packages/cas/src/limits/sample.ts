import { setImmediate as nextTurn } from "node:timers/promises";
import { leavingsIn } from "../leavings.ts";
import { BATCH, spotsOf } from "../listing.ts";
import type { Found } from "../root.ts";
import { type Candidate, candidateAside, candidateAt } from "./candidate.ts";
import { digitsAtRandom } from "./digits.ts";

/** Enough to judge the age of all by. */
const ENOUGH = 16_384;

/** The share of a sample that may go: what is oldest among some is old among all. */
const OLDEST = 1 / 4;

/**
 * What is to go next, the first last. Names are digests, so the values with some first digits are a fair sample: of a
 * large store a few thousand are looked at, however many there are, of a small one all. What takes more than the room for
 * all goes before anything else has to go for it.
 */
export async function sample(found: Found, room: number, signal?: AbortSignal): Promise<Candidate[]> {
  const now = Date.now();
  const candidates = await setAside(found, now, signal);
  const digits = digitsAtRandom(found);
  let rows = 0;
  while (digits.length > 0 && candidates.length < ENOUGH) {
    for (const candidate of candidatesWith(found, digits.pop() as string, now)) {
      if (++rows % BATCH === 0) await nextTurn();
      signal?.throwIfAborted();
      if (candidate !== undefined) candidates.push(candidate);
    }
  }
  // Of what the system's clock does not tell apart, what was written later goes later.
  candidates.sort((one, other) => rankIn(room, one) - rankIn(room, other) || other.modified - one.modified);
  return digits.length === 0 ? candidates : candidates.slice(-Math.ceil(candidates.length * OLDEST));
}

/** What was set aside. Should there be very much of it, the first of it is enough. */
async function setAside(found: Found, now: number, signal?: AbortSignal): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for await (const leaving of leavingsIn(found.paths.quarantine, signal)) {
    candidates.push(candidateAside(leaving, now));
    if (candidates.length === ENOUGH) break;
  }
  return candidates;
}

/** Values with some first digits, and the notes about none of them. */
function* candidatesWith(found: Found, digits: string, now: number): Generator<Candidate | undefined> {
  const notes = new Map([...spotsOf(found, "notes", digits)].map((spot) => [spot.hex, spot]));
  for (const kind of ["blobs", "entries"] as const) {
    for (const spot of spotsOf(found, kind, digits)) {
      yield candidateAt(spot, `${kind}/${spot.hex}`, notes.delete(spot.hex), now);
    }
  }
  for (const spot of notes.values()) yield candidateAt(spot, `notes/${spot.hex}`, false, now);
}

const rankIn = (room: number, { cost, rank }: Candidate): number => (cost.bytes > room ? Number.MAX_VALUE : rank);
