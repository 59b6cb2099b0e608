import type { CacheEvent } from "@cache/core";
import { openCache } from "../caches.ts";
import { runCensus } from "../census.ts";
import type { AttackRecord } from "../evidence.ts";
import { flipContent, flipEntry, link, remove, swap, truncate } from "./damage.ts";
import { foreign, readerForges, readerWrites } from "./forgery.ts";
import { replayExpired, replayValid } from "./replay.ts";
import type { Attack, Scene } from "./scene.ts";
import { wrongKey } from "./wrong-key.ts";

/** Every attack, in the order shown. */
const ATTACKS: readonly Attack[] = [
  ...[flipEntry, flipContent, truncate, swap, remove, link],
  ...[replayValid, replayExpired, foreign, readerWrites, readerForges, wrongKey],
];

/** Attacks take a file each. */
export const FEWEST_FILES = 20;

/** Attacks the directory, and runs the program over what is left of it. */
async function performOne(
  { perform, ...attack }: Attack,
  place: Omit<Scene, "onEvent">,
  identity: string,
): Promise<AttackRecord> {
  const met: CacheEvent[] = [];
  const { seen, proofs = [] } = await perform({ ...place, onEvent: (event) => void met.push(event) });
  const cache = openCache(place.directory, place.keyring, { onEvent: (event) => void met.push(event) });
  const run = await runCensus(attack.title, cache, place.files);
  const told = met.filter(({ level }) => level !== "info");
  return {
    ...{ ...attack, seen, proofs, recomputed: run.computed, identical: run.identity === identity },
    events: [...new Set(told.map(({ type, code }) => `${type}${code === undefined ? "" : ` ${code}`}`))],
  };
}

/** Performs all attacks on one directory, one after the other. */
export async function performAttacks(
  place: Omit<Scene, "onEvent">,
  identity: string,
  progress: (done: number, of: number) => void,
): Promise<AttackRecord[]> {
  const records: AttackRecord[] = [];
  for (const attack of ATTACKS) {
    records.push(await performOne(attack, place, identity));
    progress(records.length, ATTACKS.length);
  }
  return records;
}
