import { randomInt } from "node:crypto";
import { lstatSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Name } from "@cache/core/adapter";
import { leavingsIn } from "../leavings.ts";
import { BATCH, firstDigitsOf, type Spot, spotsOf } from "../listing.ts";
import { KINDS } from "../paths.ts";
import type { Found } from "../root.ts";
import { type Amount, costOf } from "./limits.ts";

/**
 * Milliseconds since its last write or use in which a value goes only when the limit itself asks for it: as long as a
 * writer relies on content that it found instead of putting it again.
 */
export const GRACE = 900_000;

/** How much faster what was never used since it was written grows old: a scan that writes goes before what is in use. */
const UNUSED = 4;

/** A use within this many milliseconds of the write is not told from the write. */
const INSTANT = 1000;

/** Enough to judge the age of all by. */
const ENOUGH = 16_384;

/** The share of a sample that may go: what is oldest among some is old among all. */
const OLDEST = 1 / 4;

/** Something that may go. */
export interface Candidate {
  readonly path: string;
  /** Absent for what was set aside. */
  readonly name: Name | undefined;
  /** What its going gives back, apart from its note. */
  readonly cost: Amount;
  readonly hasNote: boolean;
  /** Of the last write or use, in milliseconds since 1970 UTC. */
  readonly last: number;
  readonly modified: number;
  /** The higher, the earlier it goes. */
  readonly rank: number;
}

/**
 * What is to go next, the first last. Names are digests, so the values with some first digits are a fair sample: of a
 * large store a few thousand are looked at, however many there are, of a small one all.
 */
export async function sample(found: Found, signal?: AbortSignal): Promise<Candidate[]> {
  const now = Date.now();
  const candidates = await setAside(found, now, signal);
  const digits = shuffled([...new Set(KINDS.flatMap((kind) => firstDigitsOf(found, kind)))]);
  let rows = 0;
  while (digits.length > 0 && candidates.length < ENOUGH) {
    for (const candidate of candidatesWith(found, digits.pop() as string, now)) {
      if (++rows % BATCH === 0) await nextTurn();
      signal?.throwIfAborted();
      if (candidate !== undefined) candidates.push(candidate);
    }
  }
  // Of what the system's clock does not tell apart, what was written later goes later.
  candidates.sort((one, other) => one.rank - other.rank || other.modified - one.modified);
  return digits.length === 0 ? candidates : candidates.slice(-Math.ceil(candidates.length * OLDEST));
}

/** What was set aside. Should there be very much of it, the first of it is enough. */
async function setAside(found: Found, now: number, signal?: AbortSignal): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for await (const { path, size, since } of leavingsIn(found.paths.quarantine, signal)) {
    const cost = { bytes: costOf(size), entries: 0 };
    const times = { last: since, modified: since, rank: rankOf(now - since, false) };
    candidates.push({ path, name: undefined, cost, hasNote: false, ...times });
    if (candidates.length === ENOUGH) break;
  }
  return candidates;
}

/** Values with some first digits, and the notes about none of them. */
function* candidatesWith(found: Found, digits: string, now: number): Generator<Candidate | undefined> {
  const notes = new Map([...spotsOf(found, "notes", digits)].map((spot) => [spot.hex, spot]));
  for (const kind of ["blobs", "entries"] as const) {
    for (const spot of spotsOf(found, kind, digits)) {
      yield look(spot, `${kind}/${spot.hex}`, notes.delete(spot.hex), now);
    }
  }
  for (const spot of notes.values()) yield look(spot, `notes/${spot.hex}`, false, now);
}

function look({ path }: Spot, name: Name, hasNote: boolean, now: number): Candidate | undefined {
  const file = lstatSync(path, { throwIfNoEntry: false });
  if (!file?.isFile()) return undefined;
  const { size, ctimeMs: last, mtimeMs: modified } = file;
  const cost = { bytes: costOf(size), entries: name.startsWith("notes/") ? 0 : 1 };
  return { path, name, cost, hasNote, last, modified, rank: rankOf(now - last, last - modified > INSTANT) };
}

/** The young are all below the old, and among themselves in order of age whether used or not. */
function rankOf(age: number, used: boolean): number {
  return age < GRACE || used ? age : age * UNUSED;
}

function shuffled<T>(items: T[]): T[] {
  for (let at = items.length - 1; at > 0; at--) {
    const other = randomInt(at + 1);
    [items[at], items[other]] = [items[other] as T, items[at] as T];
  }
  return items;
}
