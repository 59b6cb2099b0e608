import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";

/**
 * What one file of tests showed of a server.
 * @typedef {{ server: string, what: string, passed: number, failed: number, seconds: number }} Row
 */

/**
 * By vitest's own report. A file that could not even be loaded, and a test that was skipped, count as failed.
 * @param {string} server
 * @param {string} report - path; no report is one failure
 * @param {string} root
 * @returns {Row[]}
 */
export function rowsOf(server, report, root) {
  if (!existsSync(report)) return [{ server, what: "vitest", passed: 0, failed: 1, seconds: 0 }];
  /** @type {{ testResults: { name: string, startTime: number, endTime: number, assertionResults: { status: string }[] }[] }} */
  const { testResults } = JSON.parse(readFileSync(report, "utf8"));
  return testResults.map(({ name, startTime, endTime, assertionResults }) => {
    const passed = assertionResults.filter(({ status }) => status === "passed").length;
    const failed = assertionResults.length === 0 ? 1 : assertionResults.length - passed;
    return { server, what: relative(root, name), passed, failed, seconds: (endTime - startTime) / 1000 };
  });
}

/**
 * Lines that tests wrote of what they measured.
 * @param {string} path
 * @returns {string[]}
 */
export function figuresIn(path) {
  return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
}

/**
 * @param {readonly Row[]} rows
 * @returns {string}
 */
export function tableOf(rows) {
  const head = ["server", "tests", "held", "did not", "seconds"];
  const body = rows.map((row) => [
    row.server,
    row.what,
    String(row.passed),
    String(row.failed),
    row.seconds.toFixed(1),
  ]);
  const widths = head.map((title, at) => Math.max(title.length, ...body.map((cells) => (cells[at] ?? "").length)));
  return [head, ...body]
    .map((cells) =>
      cells
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
