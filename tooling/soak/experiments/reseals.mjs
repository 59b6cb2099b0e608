import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatKey, MasterKey } from "@cache/core/keyring";
import { verifyStore } from "@cache/core/maintenance";
import { open } from "../cache.mjs";
import { pause, start } from "../child.mjs";
import { isWhole, writtenAs } from "../values.mjs";

/** Some with content of their own. */
const ENTRIES = 60;

/**
 * One key after another takes over, and who seals again is killed at random moments until one run comes through; then the
 * older key goes, and everything has to be there still. A writer puts beside it.
 * @param {{ readonly kills: number }} how
 * @returns {Promise<import("../report.mjs").Outcome>}
 */
export async function reseals({ kills }) {
  const base = mkdtempSync(join(tmpdir(), "cache-soak-"));
  const directory = join(base, "store");
  const found = { lost: 0, wrong: 0, damaged: 0, failed: 0 };
  const did = { kills: 0, rotations: 0, "keys looked at": 0 };
  /** @type {string[]} */
  const why = [];
  try {
    let key = freshKey();
    const keys = Array.from({ length: ENTRIES }, (_, i) => `kept/${i}`);
    const first = open({ directory, key });
    for (const [n, each] of keys.entries()) await first.cache.set(each, writtenAs("kept", each, n));
    while (did.kills < kills) {
      const place = { directory, key: freshKey(), older: [key] };
      for (let through = false; !through; ) {
        const [resealer, writer] = [
          start("resealer.mjs", [JSON.stringify(place)]),
          start("writer.mjs", [JSON.stringify(place), "beside", "writer"]),
        ];
        await Promise.all([resealer.begun(), writer.begun()]);
        await pause(did.kills < kills ? Math.random() * 60 : 20_000, resealer.ended);
        for (const each of [resealer, writer]) each.kill();
        const { signal, code } = (await Promise.all([resealer.ended, writer.ended]))[0];
        through = code === 0;
        if (signal !== null) did.kills += 1;
        else if (!through) {
          found.failed += 1;
          why.push(resealer.err());
          break;
        }
        await look(open(place), keys);
      }
      key = place.key;
      did.rotations += 1;
      await look(open({ directory, key }), keys);
    }
    const { damaged, missing } = await verifyStore(open({ directory, key }).slots);
    found.damaged += damaged + missing;
    return { name: "kills while sealing again", did, bad: found, why };
  } finally {
    rmSync(base, { recursive: true, force: true });
  }

  /** @param {ReturnType<typeof open>} opened @param {readonly string[]} keys */
  async function look({ cache }, keys) {
    for (const key of keys) {
      did["keys looked at"] += 1;
      const value = /** @type {import("../values.mjs").Value | undefined} */ (await cache.get(key));
      if (value === undefined) found.lost += 1;
      else if (!isWhole(value, key)) found.wrong += 1;
    }
  }
}

const freshKey = () => formatKey(MasterKey.generate());
