// A number of writes, and of validated reads, of every kind of cache: pnpm bench [--entries N] [--size BYTES] [--rounds N] [--json]
// Runs on the built packages. Prints ratios to files that are written and read by hand.
import { optionsOf, refuse } from "../options.mjs";
import { measure } from "./measure.mjs";
import { tableOf } from "./report.mjs";
import { SUBJECTS } from "./subjects.mjs";

const USAGE = "pnpm bench [--entries N] [--size BYTES] [--rounds N] [--json]";
const values = optionsOf(USAGE, {
  entries: { type: "string" },
  size: { type: "string" },
  rounds: { type: "string" },
  json: { type: "boolean" },
});

/** @param {string} name @param {string | undefined} text @param {number} usual */
function countOf(name, text, usual) {
  const count = Number(text ?? usual);
  if (!Number.isSafeInteger(count) || count < 1) refuse(USAGE, `--${name} is a whole number above zero`);
  return count;
}

const entries = countOf("entries", values.entries, 1000);
const rounds = countOf("rounds", values.rounds, 5);
const sizes = values.size === undefined ? [1024, 65_536] : [countOf("size", values.size, 1)];
for (const size of sizes) {
  const tell = (/** @type {string} */ what) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K${what}`);
  const measured = await measure(SUBJECTS, { entries, size, rounds }, tell);
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  if (values.json === true) console.log(JSON.stringify({ entries, size, rounds, measured }));
  else console.log(`${entries} entries of ${size} bytes, median of ${rounds} rounds:\n\n${tableOf(measured)}\n`);
}
