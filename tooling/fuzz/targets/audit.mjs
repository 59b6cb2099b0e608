import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { auditLog, verifyAuditLog } from "@cache/core/audit";
import { toHex, utf8 } from "@cache/core/bytes";
import { master } from "../keys.mjs";
import { promise, same, textOf } from "../promises.mjs";
import { internal } from "../target.mjs";
import { temporaryFolder } from "../temporary.mjs";

/** @typedef {import("../target.mjs").Target} Target */

/** @type {typeof import("../../../packages/core/src/audit/chain.ts")} */
const { chained, linkOf, START } = await internal("core/audit/chain");
/** @type {typeof import("../../../packages/core/src/audit/line.ts")} */
const { parseLine } = await internal("core/audit/line");

const path = join(temporaryFolder("audit"), "audit.jsonl");
const keys = [master];

/** What two processes write, with a key that holds what JSON and lines make trouble with. */
function honest() {
  const events = [
    { type: "opened", time: 1, run: "0123456789abcdef", n: 0, files: [] },
    { type: "rejected", time: 2, level: "security", id: 'a\ufffdb\u2028c"\n', run: "0123456789abcdef", n: 1, prior: 0 },
    { type: "closed", time: 3, run: "0123456789abcdef", n: 2, prior: 1 },
    { type: "opened", time: 4, run: "fedcba9876543210", n: 0 },
    { type: "closed", time: 5, run: "fedcba9876543210", n: 1, prior: 3 },
  ];
  let before = START;
  return events.map((event, seq) => {
    const line = chained(master, { ...event, seq, before, key: toHex(master.id), pid: 1 });
    before = linkOf(line);
    return line;
  });
}

const WRITTEN = honest();
const LINES = new Set(WRITTEN);
const textOfLines = (/** @type {readonly string[]} */ lines) => utf8(lines.map((line) => `${line}\n`).join(""));
/** Whole, and cut where a log by itself cannot tell. */
const HONEST = [WRITTEN, WRITTEN.slice(0, 3)].map(textOfLines);

/** @param {Uint8Array} bytes */
async function verified(bytes) {
  writeFileSync(path, bytes);
  const { lines, problems } = await verifyAuditLog(path, { keys });
  promise(
    problems.every(({ line }) => line >= 1 && line <= lines),
    "a problem has a line",
  );
  const found = Buffer.from(bytes).toString("latin1").replace(/\n$/, "").split("\n");
  const isWritten = found.every((line) => LINES.has(textOf(Buffer.from(line, "latin1")) ?? ""));
  promise(bytes.length === 0 || problems.length > 0 || isWritten, "nothing counts as written that was not");
  promise(problems.length === 0 || !HONEST.some((each) => same(each, bytes)), "what was written holds");
}

/** @type {Target} */
const log = {
  name: "audit-log",
  covers: ["verifyAuditLog", "lastLine", "linesOf", "openToAppend"],
  seeds: () => [...HONEST, textOfLines(WRITTEN.slice(3))],
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
  async run(input) {
    // Whoever verifies waits for a writer that is in the middle of a line.
    const bytes = input.at(-1) === 10 ? input : Buffer.concat([input, utf8("\n")]);
    await verified(bytes);
    // Who goes on writing has to make sense of the last line.
    auditLog(path, { key: master, onError: (error) => promise(false, `writing goes on: ${error}`) }).close();
    if (!HONEST.some((each) => same(each, bytes))) return;
    promise((await verifyAuditLog(path, { keys })).problems.length === 0, "what was continued holds");
  },
};

/** @type {Target} */
const line = {
  name: "audit-line",
  covers: ["parseLine"],
  seeds: () => [...LINES].map((text) => utf8(text)),
  dictionary: [',"chain":"', '"}', "}", "\u2028", "0".repeat(64)],
  run(bytes) {
    const read = parseLine(bytes);
    if (read === undefined) return;
    promise(`${read.text.slice(0, -1)},"chain":"${read.chain}"}` === textOf(bytes), "a line is its two parts");
  },
};

/** Lines by somebody who has the key and writes what they like. @type {Target} */
const forged = {
  name: "audit-forged",
  covers: [],
  seeds: () => [...LINES].map((text) => utf8(text)),
  dictionary: [
    '"seq":',
    '"n":',
    '"run":',
    '"prior":',
    '"files":',
    '"key":',
    '"before":',
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
    const lines = objects.map((fields) => chained(master, { ...fields, key: toHex(master.id) }));
    writeFileSync(path, textOfLines(lines));
    const report = await verifyAuditLog(path, { keys });
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
