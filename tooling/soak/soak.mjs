// Breaks caches for real, for as long as it is told: pnpm test:soak [--minutes N] [--only NAME] [--json]
// Runs on the built packages. Ends with 1 when anything that was promised did not hold.
import { optionsOf, refuse } from "../options.mjs";
import { experimentsOf } from "./experiments.mjs";
import { isGood, reportOf } from "./report.mjs";

const USAGE = "pnpm test:soak [--minutes N] [--only NAME] [--json]";
const values = optionsOf(USAGE, { minutes: { type: "string" }, only: { type: "string" }, json: { type: "boolean" } });
const minutes = Number(values.minutes ?? 10);
if (!(minutes > 0)) refuse(USAGE, "--minutes is a number above zero");
const chosen = Object.entries(experimentsOf(minutes)).filter(([name]) => (values.only ?? name) === name);
if (chosen.length === 0) refuse(USAGE, `--only is one of ${Object.keys(experimentsOf(minutes)).join(", ")}`);

const outcomes = [];
for (const [name, run] of chosen) {
  if (process.stderr.isTTY) process.stderr.write(`${name} …\n`);
  const outcome = await run();
  if (typeof outcome === "string") console.log(`left out ${name}: ${outcome}`);
  else outcomes.push(outcome);
}
console.log(values.json ? JSON.stringify(outcomes) : reportOf(outcomes));
process.exitCode = outcomes.length > 0 && outcomes.every(isGood) ? 0 : 1;
