/** @typedef {import("./runner.mjs").Ran} Ran */
/** @typedef {import("./switches.mjs").Step} Step */
/** @typedef {import("./test-process.mjs").TestProcess} TestProcess */

/** So many tests are run at first, and then the next: mostly the first one fails. */
const BATCHES = [2, 10, 100, Number.POSITIVE_INFINITY];
/** A test waits for a minute at most. */
const MOST_MILLISECONDS = 150_000;
/** So many times as long as before tests may take: the machine may have more to do by now. */
const SLOWER = 6;

/**
 * Takes a step out and looks for a test that fails.
 * @param {TestProcess} process
 * @param {Step} step
 * @param {readonly Ran[]} observed
 * @returns {Promise<string | undefined>} the name of the test
 */
export async function findingTest(process, step, observed) {
  const cheapFirst = [...observed].sort((a, b) => costOf(a) - costOf(b));
  const refusing = cheapFirst.filter(({ refused }) => refused.includes(step.id));
  const making = cheapFirst.filter((test) => !refusing.includes(test) && test.reached.includes(step.id));
  const tests = [...refusing, ...making];
  let from = 0;
  for (const size of BATCHES) {
    const batch = tests.slice(from, from + size);
    if (batch.length === 0) return undefined;
    const found = await tryTests(process, step, batch);
    if (found !== undefined) return found;
    from += size;
  }
  return undefined;
}

/** The quick ones first, and of those the ones that are about little else. @param {Ran} test */
const costOf = ({ milliseconds, refused }) => Math.max(milliseconds, 50) + refused.length;

/** @param {TestProcess} process @param {Step} step @param {readonly Ran[]} batch */
async function tryTests(process, step, batch) {
  /** @type {Record<string, string[]>} */
  const tests = {};
  for (const { file, id } of batch) {
    tests[file] ??= [];
    tests[file].push(id);
  }
  // Many tests that each come to their end must not be taken for one that does not, and the step for missed.
  const usual = batch.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const answer = await process.run({ removed: step.id, tests }, MOST_MILLISECONDS + SLOWER * usual);
  if (answer === "endless") return `${oneOf(batch)} (does not end)`;
  const failed = answer.ran.find(({ state }) => state === "failed")?.name;
  if (failed !== undefined || answer.broken.length === 0) return failed;
  // A process that ran out of memory, say: with the step in its place it came to its end.
  return `${oneOf(batch)} (breaks off)`;
}

/** @param {readonly Ran[]} batch */
const oneOf = ([first, ...others]) => `${first?.name}${others.length > 0 ? `, or one of ${others.length} others` : ""}`;
