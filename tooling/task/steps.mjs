/**
 * One thing a task does: the words for the screen, and the program with its arguments. When a vital step fails, what
 * comes after it could only repeat the failure.
 * @typedef {{ says: string, command: string[], vital?: boolean }} Step
 */

/** @param {string[]} command */
const pnpm = (...command) => ["pnpm", ...command];

/** @param {string[]} tasks */
const turbo = (...tasks) => pnpm("exec", "turbo", "run", ...tasks, "--output-logs=errors-only");

const vitest = pnpm("exec", "vitest", "run", "--config", "tooling/vitest.config.ts");

const install = pnpm("install", "--frozen-lockfile", "--prefer-offline", "--reporter=append-only");

/** Common to every task. */
export const installStep = { says: "install what the lockfile names", command: install, vital: true };

/** @type {Step} */
const buildStep = { says: "build every package", command: turbo("build"), vital: true };

/** @type {Step} */
export const docsStep = {
  says: "the reference, every export documented",
  command: pnpm("run", "--silent", "reference"),
};

/**
 * @param {string[]} more - arguments for the demo
 * @returns {Readonly<Record<string, Step>>}
 */
export function demoSteps(more) {
  return {
    // All of it: with the demo comes the command, which every page of the documents uses.
    build: buildStep,
    demo: { says: "run the demo", command: ["node", "apps/demo/dist/main.js", ...more] },
  };
}

/** Where vitest writes what it counted. */
export const TEST_REPORT = ".test-report/report.json";

/**
 * All tests are run again when something changed since they passed; chosen ones always.
 * @param {string[]} more - arguments for vitest
 * @returns {Readonly<Record<string, Step>>}
 */
export function testSteps(more) {
  const all = pnpm("exec", "turbo", "run", "tests", "--env-mode=loose", "--log-prefix=none", "--output-logs=new-only");
  const chosen = more.filter((argument) => argument !== "--force");
  const forced = chosen.length < more.length ? [...all, "--force"] : all;
  // Chosen tests are always run, so that there is nothing to force.
  const command = chosen.length === 0 ? forced : pnpm("run", "--silent", "tests", ...chosen);
  return { build: buildStep, tests: { says: "run the tests", command } };
}

/**
 * What is asked of a change beyond its tests; and the tests of the documents' examples, which `test` runs too.
 * @type {Readonly<Record<string, Step>>}
 */
export const checkSteps = {
  build: buildStep,
  types: { says: "types of sources, tests and tooling", command: turbo("types") },
  lint: { says: "format and lint", command: turbo("lint") },
  house: { says: "arrows, cycles, manifests, lockfile, sizes", command: pnpm("run", "--silent", "house") },
  workspace: { says: "one version of everything", command: pnpm("run", "--silent", "workspace") },
  unused: { says: "unused files, exports and dependencies", command: pnpm("run", "--silent", "unused") },
  docs: docsStep,
  tarballs: { says: "each package as a user installs it", command: pnpm("run", "--silent", "tarballs") },
  examples: {
    says: "every example of the documents",
    command: [...vitest, "--project", "tooling", "test/examples.test.ts"],
  },
};

/** What `npm test` has already done. */
export const DONE_BY_TEST = ["examples"];
