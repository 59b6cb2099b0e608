// Measures caches beside their peers and beside what cannot be less, in one run; prints ratios and which targets are reached:
// pnpm bench [--quick] [--only WORKLOAD] [--rounds N] [--json FILE] [--html FILE]. Runs on the built packages.
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { dirname } from "node:path";
import { optionsOf, refuse } from "../options.mjs";
import { page } from "./report/html.mjs";
import { targetTable, workloadTable } from "./report/text.mjs";
import { Scratch } from "./scratch.mjs";
import { judge } from "./targets.mjs";
import { coldStart } from "./workloads/cold-start.mjs";
import { computed } from "./workloads/computed.mjs";
import { growth } from "./workloads/growth.mjs";
import { madeUp } from "./workloads/made-up.mjs";
import { memory } from "./workloads/memory.mjs";
import { processes } from "./workloads/processes.mjs";
import { inBuckets, inRedis } from "./workloads/remote.mjs";
import { streams } from "./workloads/streams.mjs";
import { values } from "./workloads/values.mjs";

const WORKLOADS = [values, computed, memory, streams, growth, madeUp, processes, coldStart, inRedis, inBuckets];
const USAGE = "pnpm bench [--quick] [--only WORKLOAD] [--rounds N] [--json FILE] [--html FILE]";
const given = optionsOf(USAGE, {
  quick: { type: "boolean" },
  only: { type: "string" },
  rounds: { type: "string" },
  json: { type: "string", default: ".bench/results.json" },
  html: { type: "string", default: ".bench/index.html" },
});

const quick = given.quick === true;
const rounds = Number(given.rounds ?? (quick ? 2 : 7));
if (!Number.isSafeInteger(rounds) || rounds < 1) refuse(USAGE, "--rounds is a whole number above zero");
const chosen = WORKLOADS.filter(({ name }) => given.only === undefined || name === given.only);
if (chosen.length === 0) refuse(USAGE, `--only is one of ${WORKLOADS.map(({ name }) => name).join(", ")}`);

const machine = `${availableParallelism()} cores, ${cpus()[0]?.model ?? "unknown"}, Node ${process.version}, ${process.platform}`;
const scratch = new Scratch();
/** @type {import("./results.mjs").Result[]} */
const results = [];
try {
  for (const { name, about, measure } of chosen) {
    const tell = (/** @type {string} */ what) =>
      process.stderr.isTTY && process.stderr.write(`\r\x1b[K${name}: ${what}`);
    const began = performance.now();
    const found = await measure({ scratch, rounds, quick, tell });
    const seconds = Math.round((performance.now() - began) / 1000);
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
    results.push(...found);
    console.log(`## ${name}\n\n${about}\n\n${workloadTable(found)}\n\n${seconds} s\n`);
  }
} finally {
  scratch.end();
}

const judged = judge(results);
const missed = judged.filter(({ reached }) => reached === false);
console.log(
  `## targets\n\n${targetTable(judged)}\n\n${machine}; ${rounds} rounds, medians. ${missed.length} not reached.`,
);
const about = Object.fromEntries(chosen.map(({ name, about }) => [name, about]));
for (const [file, text] of [
  [given.json, JSON.stringify({ machine, rounds, quick, results, targets: judged }, undefined, 1)],
  [given.html, page({ about, results, judged, machine })],
]) {
  if (file === undefined || text === undefined) continue;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
