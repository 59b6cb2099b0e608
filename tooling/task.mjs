import { rmSync } from "node:fs";
import { readCounts } from "./task/counts.mjs";
import { runSteps, seconds } from "./task/run-steps.mjs";
import { checkSteps, DONE_BY_TEST, demoSteps, docsStep, installStep, TEST_REPORT, testSteps } from "./task/steps.mjs";

const USAGE = `npm run demo [-- ARGUMENTS]       install, build, run the demo
npm test [-- VITEST ARGUMENTS]    install, build, run the tests
npm test -- --force               all of them, though nothing changed since they passed
npm run docs                      install, build, write the reference of every export
npm run check                     everything asked of a change beyond its tests
npm run check -- --only NAME      one of: ${Object.keys(checkSteps).join(", ")}
npm run check -- --after-test     without what npm test has done`;

const began = performance.now();
const [task, ...more] = process.argv.slice(2);

/** @type {Record<string, () => boolean>} */
const tasks = {
  demo() {
    const failed = runSteps({ install: installStep, ...demoSteps(more) });
    return verdict(failed, "npm run demo");
  },

  test() {
    // What an earlier run counted says nothing of this one.
    rmSync(TEST_REPORT, { force: true });
    const failed = runSteps({ install: installStep, ...testSteps(more) });
    const { passed, failed: bad, skipped } = readCounts(TEST_REPORT) ?? { passed: 0, failed: 0, skipped: 0 };
    // A run that found no test has shown nothing.
    if (passed + bad === 0 && failed.length === 0) failed.push("tests");
    console.log(`\n${passed} passed, ${bad} failed`);
    if (skipped > 0) console.log(`${skipped} skipped`);
    return verdict(failed, "npm test", bad === 0 && failed.includes("tests") ? "vitest reported an error" : "");
  },

  docs() {
    const failed = runSteps({ install: installStep, docs: docsStep });
    console.log("docs/api/index.html");
    return verdict(failed, "npm run docs");
  },

  check() {
    const failed = runSteps({ install: installStep, ...chosenSteps() });
    for (const name of failed) console.log(`  ${name} alone: npm run check -- --only ${name}`);
    return verdict(failed, "npm run check");
  },
};

/** @returns {Readonly<Record<string, import("./task/steps.mjs").Step>>} */
function chosenSteps() {
  const [option, name = ""] = more;
  const only = Object.entries(checkSteps).filter(([each]) => each === name || each === "build");
  if (option === "--only" && Object.hasOwn(checkSteps, name)) return Object.fromEntries(only);
  if (option === undefined) return checkSteps;
  if (option === "--after-test") {
    return Object.fromEntries(Object.entries(checkSteps).filter(([each]) => !DONE_BY_TEST.includes(each)));
  }
  console.error(`--only takes one of: ${Object.keys(checkSteps).join(", ")}\n`);
  return usage();
}

/**
 * @param {string[]} failed
 * @param {string} command
 * @param {string} [why]
 * @returns {boolean}
 */
function verdict(failed, command, why = "") {
  const reason = [failed.join(", "), why].filter((text) => text !== "").join("; ");
  console.log(`${command}: ${failed.length === 0 ? "PASSED" : `FAILED (${reason})`} in ${seconds(began)}`);
  return failed.length === 0;
}

/** @returns {never} */
function usage() {
  console.error(USAGE);
  process.exit(2);
}

const run = Object.entries(tasks).find(([name]) => name === task)?.[1] ?? usage;
process.exitCode = run() ? 0 : 1;
