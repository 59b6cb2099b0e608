// Runs tests for its parent process, as often as it asks, with one verification step taken out or none.
import { fileURLToPath } from "node:url";
import { createVitest } from "vitest/node";

/**
 * @typedef {object} Ask
 * @property {string | null} removed - the step that is taken out
 * @property {Readonly<Record<string, readonly string[] | null>>} tests - ids of tests by file; null for all of a file
 *
 * @typedef {object} Ran
 * @property {string} file
 * @property {string} id
 * @property {string} name
 * @property {string} state
 * @property {number} milliseconds
 * @property {readonly string[]} refused - steps that refused something while it ran
 * @property {readonly string[]} reached - steps that are calls and were made
 * @property {string | undefined} error
 *
 * @typedef {{ readonly ran: readonly Ran[], readonly broken: readonly string[] }} Answer
 */

const root = fileURLToPath(new URL("../..", import.meta.url));

const vitest = await createVitest("test", {
  root,
  config: fileURLToPath(new URL("vitest.config.ts", import.meta.url)),
  watch: false,
  reporters: [{}],
  bail: 1,
  maxWorkers: 1,
  fileParallelism: false,
});
const found = await vitest.globTestSpecifications();

/** @param {Ask} ask @returns {Promise<Answer>} */
async function run({ removed, tests }) {
  // One that fails as it is hides no other.
  vitest.config.bail = removed === null ? 0 : 1;
  const specifications = Object.entries(tests).map(([file, ids]) => {
    const specification = found.find(({ moduleId }) => moduleId === root + file);
    if (specification === undefined) throw new Error(`there are no tests in ${file}`);
    return specification.project.createSpecification(specification.moduleId, ids ? { testIds: [...ids] } : undefined);
  });
  for (const project of vitest.projects) /** @type {any} */ (project).provide("removed", removed);
  const began = Date.now();
  const { unhandledErrors } = await vitest.runTestSpecifications(specifications);
  const modules = specifications.flatMap(({ testModule }) => testModule ?? []);
  /** @type {Ran[]} */
  const ran = modules.flatMap((module) =>
    testsRunSince(module, began).map((test) => ({
      file: module.moduleId.slice(root.length),
      id: test.id,
      name: test.fullName,
      state: test.result().state,
      milliseconds: test.diagnostic()?.duration ?? 0,
      refused: /** @type {any} */ (test.meta()).refused ?? [],
      reached: /** @type {any} */ (test.meta()).reached ?? [],
      error: test.result().errors?.[0]?.message,
    })),
  );
  const broken = [...unhandledErrors, ...modules.flatMap((module) => module.errors())];
  return { ran, broken: broken.map((error) => String(/** @type {any} */ (error)?.message ?? error)) };
}

/**
 * After a failure the rest is left out, and of that vitest still knows what became of it some time before.
 * @param {import("vitest/node").TestModule} module
 * @param {number} began - in milliseconds since 1970
 */
function testsRunSince(module, began) {
  return [...module.children.allTests()].filter((test) => (test.diagnostic()?.startTime ?? 0) >= began);
}

process.on("message", async (ask) => {
  process.send?.(await run(/** @type {Ask} */ (ask)));
});
process.on("disconnect", () => process.exit());
process.send?.({ files: found.map(({ moduleId }) => moduleId.slice(root.length)) });
