import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatKey, MasterKey } from "@cache/core/keyring";
import { start } from "../child.mjs";
import { missingStrace, ONE_THREAD, strace } from "../strace.mjs";
import { misordered, needless, overtaken, publishedIn, SYNC_CALLS, stepsIn, syncsIn } from "../sync-order.mjs";

/**
 * The steps of one process, traced.
 * @param {string} base
 * @param {boolean} durable
 */
async function traced(base, durable) {
  const file = join(base, `trace-${durable}`);
  // Two new directories on the way, whose names have to last as well.
  const directory = join(base, `${durable}`, "parent", "store");
  const [key, newer] = [formatKey(MasterKey.generate()), formatKey(MasterKey.generate())];
  const child = start("syncs.mjs", [JSON.stringify({ directory, key, durable }), newer], {
    env: ONE_THREAD,
    under: strace({ file, calls: SYNC_CALLS }),
  });
  const { code } = await child.ended;
  if (code !== 0) throw new Error(`the steps did not end: ${child.err().slice(0, 500)}`);
  return stepsIn(readFileSync(file, "utf8"));
}

/**
 * What a durable put asks of the medium before its promise resolves, and that one that is not durable asks for nothing.
 * @returns {Promise<import("../report.mjs").Outcome | string>}
 */
export async function orderOfSyncs() {
  const missing = missingStrace();
  if (missing !== undefined) return missing;
  const base = realpathSync(mkdtempSync(join(tmpdir(), "cache-soak-")));
  try {
    const durable = await traced(base, true);
    const why = durable.flatMap((step) => [...misordered(step, base), ...overtaken(step, base)]);
    const undurable = (await traced(base, false)).filter(({ name }) => !name.startsWith("a keyring"));
    const synced = undurable.flatMap(needless);
    const did = {
      steps: durable.length,
      "names published": durable.reduce((sum, step) => sum + publishedIn(step, base).length, 0),
      syncs: durable.reduce((sum, step) => sum + syncsIn(step), 0),
      "steps undurably": undurable.length,
    };
    const bad = { misordered: why.length, needless: synced.length };
    return { name: "order of syncs", did, bad, why: [...why, ...synced].slice(0, 10) };
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}
