import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verifyAuditLog } from "@cache/core/audit";
import { utf8 } from "@cache/core/bytes";
import { master } from "../keys.mjs";
import { promise, same, textOf } from "../promises.mjs";
import { internal } from "../target.mjs";

/** @typedef {import("../target.mjs").Target} Target */

/** @type {typeof import("../../../packages/core/src/audit/chain.ts")} */
const { chained, START, parseLine } = await internal("core/audit/chain");
/** @type {typeof import("../../../packages/core/src/audit/files.ts")} */
const { lastLine, withLog } = await internal("core/audit/files");

const path = join(mkdtempSync(join(tmpdir(), "cache-fuzz-audit-")), "audit.jsonl");

/** What a process writes, with a key that holds what JSON and lines make trouble with. @param {string} log @param {object} more */
function runOf(log, more) {
  let chain = START;
  const events = [
    { type: "opened", time: 1, ...more },
    { type: "rejected", time: 2, level: "security", key: 'a\ufffdb\u2028c"\n' },
    { type: "closed", time: 3 },
  ];
  const lines = events.map((event, n) => {
    const made = chained(master, { log, n, before: chain, ...event, pid: 1 });
    chain = made.chain;
    return made.line;
  });
  return { lines, chain };
}

const first = runOf("0123456789abcdef", {});
const second = runOf("fedcba9876543210", { after: first.chain });
const LINES = new Set([...first.lines, ...second.lines]);
const textOfLines = (/** @type {readonly string[]} */ lines) => utf8(lines.map((line) => `${line}\n`).join(""));
const HONEST = [[...first.lines, ...second.lines], first.lines].map(textOfLines);

/** @param {Uint8Array} bytes */
async function verified(bytes) {
  writeFileSync(path, bytes);
  const { lines, problems } = await verifyAuditLog(path, { key: master });
  promise(
    problems.every(({ line }) => line >= 1 && line <= lines),
    "a problem has a line",
  );
  // The last line may lack its end: it is being written.
  const found = Buffer.from(bytes).toString("latin1").replace(/\n$/, "").split("\n");
  const isWritten = found.every((line) => LINES.has(textOf(Buffer.from(line, "latin1")) ?? ""));
  promise(bytes.length === 0 || problems.length > 0 || isWritten, "nothing counts as written that was not");
  promise(problems.length === 0 || !HONEST.some((each) => same(each, bytes)), "what was written holds");
}

/** @type {Target} */
const log = {
  name: "audit-log",
  covers: ["verifyAuditLog", "lastLine", "linesOf"],
  seeds: () => [...HONEST, textOfLines(second.lines)],
  dictionary: [
    ...[...LINES].map((line) => utf8(line)),
    "\n",
    "\r",
    "\r\n",
    "\u2028",
    '"n":',
    '"closed"',
    '"opened"',
    Uint8Array.of(0xff),
  ],
  async run(bytes) {
    await verified(bytes);
    withLog(path, (fd, length) => void lastLine(fd, length));
  },
};

/** @type {Target} */
const line = {
  name: "audit-line",
  covers: ["parseLine"],
  seeds: () => [...LINES].map((text) => utf8(text)),
  dictionary: [',"chain":"', '"}', "}", "\u2028", "0".repeat(64)],
  run(bytes) {
    const text = textOf(bytes);
    const read = text === undefined ? undefined : parseLine(text);
    if (read !== undefined)
      promise(`${read.text.slice(0, -1)},"chain":"${read.chain}"}` === text, "a line is its two parts");
  },
};

/** Lines by somebody who has the key and writes what they like. @type {Target} */
const forged = {
  name: "audit-forged",
  covers: [],
  seeds: () => [...LINES].map((text) => utf8(text)),
  dictionary: [
    '"log":',
    '"n":',
    '"before":',
    '"after":',
    '"type":',
    '"opened"',
    "1e308",
    "-1",
    "null",
    '"__proto__"',
    "\n",
  ],
  async run(bytes) {
    const objects = (textOf(bytes) ?? "")
      .split("\n")
      .map(objectOf)
      .filter((each) => each !== undefined);
    const lines = objects.map((fields) => chained(master, fields).line);
    writeFileSync(path, textOfLines(lines));
    const report = await verifyAuditLog(path, { key: master });
    promise(report.lines === lines.length, "every line counts");
    promise(
      report.problems.every(({ what }) => what !== "edited"),
      "what its holder chained was not edited by another",
    );
    promise(report.runs <= lines.length && report.open <= report.runs, "runs are of lines");
  },
};

/** @param {string} text @returns {object | undefined} */
function objectOf(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
      ? value
      : undefined;
  } catch {
    return undefined;
  }
}

export const auditTargets = [log, line, forged];
