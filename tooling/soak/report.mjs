/**
 * What an experiment came to. Everything in `bad` has to be zero.
 * @typedef {object} Outcome
 * @property {string} name
 * @property {Readonly<Record<string, number | string>>} did
 * @property {Readonly<Record<string, number>>} bad
 * @property {readonly string[]} why - of what is bad, some
 */

/** @param {Outcome} outcome */
export const isGood = ({ bad }) => Object.values(bad).every((count) => count === 0);

/**
 * The outcomes as a table of Markdown and a verdict.
 * @param {readonly Outcome[]} outcomes
 */
export function reportOf(outcomes) {
  const list = (/** @type {Readonly<Record<string, unknown>>} */ figures) =>
    Object.entries(figures)
      .map(([what, count]) => `${count} ${what}`)
      .join(", ");
  const rows = outcomes.map(({ name, did, bad }) => `| ${name} | ${list(did)} | ${list(bad)} |`);
  const why = outcomes.flatMap(({ name, why: reasons }) => reasons.map((reason) => `${name}: ${reason}`));
  return ["| experiment | did | found |", "|---|---|---|", ...rows, "", ...why, verdictOn(outcomes)].join("\n");
}

/** @param {readonly Outcome[]} outcomes */
function verdictOn(outcomes) {
  if (outcomes.length === 0) return "NOT SEEN: nothing could be tried here.";
  if (!outcomes.every(isGood)) return "NOT AS PROMISED: see what is not zero.";
  return "AS PROMISED: nothing that was finished was lost, nothing wrong was read, nothing failed without cause.";
}
