import { createHash, randomFillSync } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** @typedef {import("./subjects.mjs").Subject} Subject */
/** @typedef {{ readonly entries: number, readonly size: number, readonly rounds: number }} How */
/** @typedef {{ readonly name: string, readonly write: number, readonly read: number }} Measured - milliseconds an entry, medians */

/** @param {readonly number[]} numbers */
function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return /** @type {number} */ (sorted[sorted.length >> 1]);
}

/** @param {number} count @param {(at: number) => Promise<unknown>} work @returns {Promise<number>} */
async function timed(count, work) {
  const began = performance.now();
  for (let at = 0; at < count; at++) await work(at);
  return (performance.now() - began) / count;
}

/**
 * One subject, once: every entry written, then every entry read and compared.
 * @param {Subject} subject
 * @param {How} how
 */
async function once({ put, get }, { entries, size }) {
  const values = Array.from({ length: entries }, () => randomFillSync(new Uint8Array(size)));
  const digests = values.map((value) => createHash("sha256").update(value).digest("hex"));
  const write = await timed(entries, (at) => put(`key-${at}`, /** @type {Uint8Array} */ (values[at])));
  /** @type {(Uint8Array | undefined)[]} */
  const got = [];
  const read = await timed(entries, async (at) => got.push(await get(`key-${at}`)));
  for (const [at, value] of got.entries()) {
    const digest = createHash("sha256")
      .update(value ?? "")
      .digest("hex");
    if (value === undefined || digest !== digests[at]) throw new Error(`key-${at} came back as something else`);
  }
  return { write, read };
}

/**
 * All subjects in turn, several times, so that what disturbs the machine disturbs all of them.
 * @param {Readonly<Record<string, (directory: string) => Subject | Promise<Subject>>>} subjects
 * @param {How} how
 * @param {(text: string) => void} [tell]
 * @returns {Promise<Measured[]>}
 */
export async function measure(subjects, how, tell = () => undefined) {
  const base = mkdtempSync(join(tmpdir(), "cache-bench-"));
  /** @type {Map<string, { write: number, read: number }[]>} */
  const runs = new Map(Object.keys(subjects).map((name) => [name, []]));
  try {
    for (let round = 1; round <= how.rounds; round++) {
      for (const [name, make] of Object.entries(subjects)) {
        tell(`round ${round} of ${how.rounds}: ${name}`);
        const directory = join(base, `${round}-${runs.get(name)?.length}-${name.replaceAll(/\W+/g, "-")}`);
        mkdirSync(directory, { mode: 0o700 });
        runs.get(name)?.push(await once(await make(directory), how));
        rmSync(directory, { recursive: true, force: true });
      }
    }
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
  return [...runs].map(([name, all]) => ({
    name,
    write: median(all.map(({ write }) => write)),
    read: median(all.map(({ read }) => read)),
  }));
}
