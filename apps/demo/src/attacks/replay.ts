import { readFileSync, writeFileSync } from "node:fs";
import { openCache } from "../caches.ts";
import { censusOf } from "../census.ts";
import { type Attack, entryPath, look, target } from "./scene.ts";

/** An older genuine entry is put back while it is still valid. */
export const replayValid: Attack = {
  title: "replay a valid entry",
  deed: "keeps a copy of an entry, waits for a newer one, and puts the copy back",
  promise:
    "accepted, and said so: within its validity an older entry is as genuine as a newer one; a lookup reports rollbackChecked: false. " +
    "A memoised result depends on the input alone, so the older one is as right",
  expected: ["hit"],
  async perform(scene) {
    const file = target(scene, 8);
    const path = await entryPath(scene, file);
    const old = readFileSync(path);
    const cache = openCache(scene.directory, scene.keyring);
    const { analysis, keyOf } = censusOf(cache);
    const before = await cache.lookup(keyOf(file));
    await analysis.refresh(file);
    const newer = await cache.lookup(keyOf(file));
    writeFileSync(path, old);
    const after = await cache.lookup(keyOf(file));
    const hits = before.state === "hit" && newer.state === "hit" && after.state === "hit";
    return {
      seen: [await look(scene, file)],
      proofs: [
        { claim: "the newer entry was another one", holds: hits && newer.sequence > before.sequence },
        {
          claim: "the replayed entry is told by its sequence number",
          holds: hits && after.sequence === before.sequence,
        },
        {
          claim: "the lookup says that it did not check for a rollback",
          holds: hits && after.rollbackChecked === false,
        },
      ],
    };
  },
};

const HOUR = 3_600_000;

/** An older genuine entry is put back after its time. */
export const replayExpired: Attack = {
  title: "replay an expired entry",
  deed: "keeps a copy of an entry that was valid for one minute and puts it back an hour later",
  promise: "the time until which an entry is believed is signed with it",
  expected: ["hit", "expired"],
  async perform(scene) {
    const file = target(scene, 9);
    const short = { namespace: "census-for-a-minute", ttl: "1m" };
    await censusOf(openCache(scene.directory, scene.keyring, short)).analysis(file);
    const path = await entryPath(scene, file, short);
    const old = readFileSync(path);
    const inTime = await look(scene, file, short);
    const later = { ...short, now: () => Date.now() + HOUR };
    await censusOf(openCache(scene.directory, scene.keyring, later)).analysis.refresh(file);
    writeFileSync(path, old);
    return { seen: [inTime, await look(scene, file, later)] };
  },
};
