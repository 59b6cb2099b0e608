/** @typedef {import("./campaign.mjs").Figures} Figures */

/** @param {Figures} figures */
export const isGood = ({ findings, runs }) => findings.length === 0 && runs > 0;

/**
 * The figures as a table of Markdown, what was found, and a verdict.
 * @param {readonly Figures[]} all
 * @param {(target: string, bytes: Uint8Array) => string} keep - writes a finding to a file and gives its path
 */
export function reportOf(all, keep) {
  const rows = all.map(
    ({ name, runs, blocks, features, inputs, slowest, findings }) =>
      `| ${name} | ${runs} | ${blocks} | ${features} | ${inputs} | ${slowest} ms | ${findings.length} |`,
  );
  const sum = (/** @type {"runs" | "inputs"} */ what) => all.reduce((total, figures) => total + figures[what], 0);
  const found = all.flatMap(({ name, findings }) =>
    findings.map(
      ({ fault, stack, bytes }) => `${name}: ${fault}\n  ${keep(name, Buffer.from(bytes, "base64"))}\n${stack}`,
    ),
  );
  const verdict = all.every(isGood)
    ? `ALL PROMISES HOLD: ${sum("runs")} inputs for ${all.length} targets.`
    : "A PROMISE IS BROKEN: see above; the inputs are kept and tried by every run of the tests.";
  const head = ["| target | runs | blocks | features | inputs | slowest | found |", "|---|---|---|---|---|---|---|"];
  return [...head, ...rows, "", ...found, verdict].join("\n");
}
