// Takes each verification step out of the sources, one at a time, and runs the tests in which it refuses something: one has
// to fail. pnpm test:mutation [--only WORD]: only steps of which the word is a part, as in --only src/record.
// --tests WORD: only those files of tests, while one is written.
// Ends with 1 when the absence of a step is missed by all tests.
import { optionsOf } from "../options.mjs";
import { EXCUSED } from "./excuses.mjs";
import { filesIn, observe } from "./observation.mjs";
import { PLACES } from "./places.mjs";
import { findingTest } from "./removal.mjs";
import { stepsOf } from "./switches.mjs";
import { tableOf } from "./table.mjs";
import { TestProcess } from "./test-process.mjs";

/** @typedef {import("./switches.mjs").Step} Step */
/** @typedef {"found" | "excused" | "SURVIVED"} Outcome */
/** @typedef {{ readonly place: string, readonly where: string, readonly outcome: Outcome }} Result */

const values = optionsOf("pnpm test:mutation [--only WORD] [--tests WORD]", {
  only: { type: "string", default: "" },
  tests: { type: "string", default: "" },
});

/** @param {Step} step */
const excuseOf = ({ file, text }) => EXCUSED.find((excuse) => excuse.file === file && excuse.text === text);

/** @param {string} file */
const placeOf = (file) => PLACES.find(({ path }) => file === path || file.startsWith(`${path}/`))?.path;

const chosen = PLACES.flatMap(({ path }) =>
  filesIn(path)
    .filter((file) => placeOf(file) === path)
    .flatMap((file) => stepsOf(file))
    .map((step) => ({ place: path, step, where: `${step.file}:${step.line} ${step.text}` }))
    .filter(({ where }) => where.includes(values.only)),
);

const runner = new TestProcess();
/** @type {Result[]} */
const results = [];
/** @type {Set<unknown>} */
const used = new Set();
try {
  const observed = await observe(runner, values.tests);
  for (const { place, step, where } of chosen) {
    const test = await findingTest(runner, step, observed);
    const excuse = excuseOf(step);
    const outcome = test !== undefined ? "found" : excuse !== undefined ? "excused" : "SURVIVED";
    results.push({ place, where, outcome });
    if (outcome === "excused") used.add(excuse);
    console.log(`${outcome.padEnd(8)} ${where}${test === undefined ? "" : `\n         by ${test}`}`);
  }
} finally {
  await runner.end();
}

const survivors = results.filter(({ outcome }) => outcome === "SURVIVED");
console.log(`\n${tableOf(results)}\n`);
for (const { where } of survivors) console.log(`missed by all tests: ${where}`);
// An excuse for what a test finds is no longer true; here, at least: some tests need another user than root.
const idle = values.only === "" && values.tests === "" ? EXCUSED.filter((excuse) => !used.has(excuse)) : [];
for (const { file, text } of idle) console.log(`an excuse that nothing needs: ${file} ${text}`);
console.log(`${results.length} verification steps, survivors: ${survivors.length || "none"}`);
process.exitCode = survivors.length > 0 || results.length === 0 ? 1 : 0;
