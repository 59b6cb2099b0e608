// Feeds every parser of untrusted bytes: pnpm test:fuzz [--minutes N] [--only NAME] [--seed N] [--distil]
// Runs on the built packages. Ends with 1 when any input broke a promise.
import { availableParallelism } from "node:os";
import { optionsOf, refuse } from "../options.mjs";
import { campaign } from "./campaign.mjs";
import { keepFinding } from "./kept.mjs";
import { isGood, reportOf } from "./report.mjs";
import { targets } from "./targets.mjs";

const USAGE = "pnpm test:fuzz [--minutes N] [--only NAME] [--seed N] [--distil]";
const values = optionsOf(USAGE, {
  minutes: { type: "string" },
  only: { type: "string" },
  seed: { type: "string" },
  distil: { type: "boolean" },
});
const minutes = Number(values.minutes ?? 10);
if (!(minutes > 0)) refuse(USAGE, "--minutes is a number above zero");
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
if (!Number.isSafeInteger(seed) || seed < 0) refuse(USAGE, "--seed is a whole number");
const names = targets.map(({ name }) => name);
const chosen = names.filter((name) => (values.only ?? name) === name);
if (chosen.length === 0) refuse(USAGE, `--only is one of ${names.join(", ")}`);

const atOnce = Math.min(chosen.length, availableParallelism());
const seconds = (60 * minutes * atOnce) / chosen.length;
const groups = chosen.map((name) => [name]);
const outcomes = await campaign(groups, atOnce, { seconds, seed, distil: values.distil === true }, ([name]) => {
  if (process.stderr.isTTY) process.stderr.write(`${name} …\n`);
});
console.log(`seed ${seed}, ${atOnce} processes`);
console.log(reportOf(outcomes, keepFinding));
process.exitCode = outcomes.every(isGood) ? 0 : 1;
