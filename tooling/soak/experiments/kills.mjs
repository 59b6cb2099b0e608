import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatKey, MasterKey } from "@cache/core/keyring";
import { verifyStore } from "@cache/core/maintenance";
import { open } from "../cache.mjs";
import { pause, start } from "../child.mjs";
import { isWhole } from "../values.mjs";

/**
 * Writers and a collector, two at a time, killed at random moments.
 * @param {{ readonly kills: number }} how
 * @returns {Promise<import("../report.mjs").Outcome>}
 */
export async function kills({ kills: count }) {
  const base = mkdtempSync(join(tmpdir(), "cache-soak-"));
  try {
    const place = { directory: join(base, "store"), key: formatKey(MasterKey.generate()) };
    const { cache, slots, store } = open(place);
    const found = { finished: 0, lost: 0, wrong: 0, damaged: 0 };
    for (let done = 0; done < count; done += 2) {
      const owner = String(done);
      const role = done % 6 === 4 ? "collector" : "writer";
      const pair = [
        start("writer.mjs", [JSON.stringify(place), owner, "writer"]),
        start("writer.mjs", [JSON.stringify(place), `${owner}b`, role]),
      ];
      await Promise.all(pair.map((each) => each.begun()));
      for (const each of pair) {
        await pause(Math.random() * 40);
        each.kill();
        await each.ended;
        for (const [key, n] of finishedIn(each.out())) {
          found.finished += 1;
          const value = /** @type {import("../values.mjs").Value | undefined} */ (await cache.get(key));
          if (value === undefined || value.n < n) found.lost += 1;
          else if (!isWhole(value, key)) found.wrong += 1;
        }
      }
    }
    const { damaged, missing } = await verifyStore(slots);
    found.damaged += damaged + missing;
    const leftOver = readdirSync(join(place.directory, "v1", "tmp")).length;
    await store.maintenance.sweepTemporary({ olderThan: 1 });
    const uncollected = readdirSync(join(place.directory, "v1", "tmp")).length;
    const { finished, ...bad } = found;
    const did = { kills: count, "keys of finished puts": finished, "left-overs collected": leftOver - uncollected };
    return { name: "kills at random", did, bad: { ...bad, "left-overs": uncollected }, why: [] };
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

/**
 * The last finished write of each key. A line without an end was cut by the kill.
 * @param {string} out
 * @returns {Map<string, number>}
 */
export function finishedIn(out) {
  /** @type {Map<string, number>} */
  const finished = new Map();
  for (const line of out.split("\n").slice(0, -1)) {
    const [key = "", n] = line.split(" ");
    if (key !== "care") finished.set(key, Number(n));
  }
  return finished;
}
