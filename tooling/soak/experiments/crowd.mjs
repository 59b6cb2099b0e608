import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatKey, MasterKey } from "@cache/core/keyring";
import { start } from "../child.mjs";

/**
 * What all processes came to.
 * @param {readonly ReturnType<typeof start>[]} workers
 */
async function sumOf(workers) {
  const total = { operations: 0, lost: 0, wrong: 0, errors: 0, evicted: 0, passing: 0, cared: 0 };
  const why = [];
  for (const worker of workers) {
    const { code } = await worker.ended;
    if (code !== 0) {
      total.errors += 1;
      why.push(worker.err().slice(0, 500));
      continue;
    }
    const { why: reasons, ...figures } = JSON.parse(worker.out());
    why.push(...reasons);
    for (const [name, count] of Object.entries(figures)) total[/** @type {keyof typeof total} */ (name)] += count;
  }
  return { total, why };
}

/**
 * The same crowd on another cache, without deletes and content: puts and gets of keys of each process's own, and its
 * verification, if it has one, by one of them.
 * @param {{ readonly peer: string, readonly seconds: number, readonly processes?: number }} how
 * @returns {Promise<import("../report.mjs").Outcome>}
 */
export async function peerCrowd({ peer, seconds, processes = 8 }) {
  const base = mkdtempSync(join(tmpdir(), "cache-soak-"));
  try {
    const workers = Array.from({ length: processes }, (_, id) =>
      start("peer.mjs", [peer, join(base, "store"), String(id), String(seconds)]),
    );
    const { total, why } = await sumOf(workers);
    const { operations, lost, wrong, errors } = total;
    // It is here to be compared with: what it does wrong is no failure of ours.
    const did = { processes, seconds, operations, lost, wrong, errors };
    return { name: `beside it: ${peer}`, did, bad: {}, why };
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

/**
 * Many processes on one directory: they put, get, delete, verify, collect and evict at once.
 * @param {{ readonly seconds: number, readonly processes?: number, readonly maxBytes?: number }} how
 * @returns {Promise<import("../report.mjs").Outcome>}
 */
export async function crowd({ seconds, processes = 8, maxBytes }) {
  const base = mkdtempSync(join(tmpdir(), "cache-soak-"));
  try {
    const place = JSON.stringify({ directory: join(base, "store"), key: formatKey(MasterKey.generate()), maxBytes });
    const workers = Array.from({ length: processes }, (_, id) =>
      start("worker.mjs", [place, String(id), String(processes), String(seconds)]),
    );
    const { total, why } = await sumOf(workers);
    const { operations, lost, wrong, errors, evicted, passing, cared } = total;
    const name = maxBytes === undefined ? "many processes" : "many processes, a bound in bytes";
    const bounded = { evicted, "missed in passing": passing };
    const did = {
      processes,
      seconds,
      operations,
      "rounds of care": cared,
      ...(maxBytes === undefined ? {} : bounded),
    };
    return { name, did, bad: { lost, wrong, errors }, why };
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}
