import { existsSync, readFileSync } from "node:fs";

/**
 * How many tests ran, by vitest's own report. A file that could not even be loaded counts as one failure.
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/**
 * @param {string} report - path of vitest's JSON report
 * @returns {Counts | undefined} undefined when there is no report: vitest did not get that far
 */
export function readCounts(report) {
  if (!existsSync(report)) return undefined;
  const { numPassedTests, numFailedTests, numTotalTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
  const unloaded = testResults.filter(isUnloaded).length;
  const skipped = numTotalTests - numPassedTests - numFailedTests;
  return { passed: numPassedTests, failed: numFailedTests + unloaded, skipped };
}

/**
 * @param {{ status: string, assertionResults: { status: string }[] }} file
 * @returns {boolean}
 */
function isUnloaded({ status, assertionResults }) {
  return status === "failed" && !assertionResults.some((test) => test.status === "failed");
}
