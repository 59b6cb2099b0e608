import { existsSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { verifyAuditLog } from "@cache/core/audit";
import { describe, expect, it } from "vitest";
import { linesOf, runProgram, written } from "./audit-logs.ts";
import { directory } from "./slots.ts";

/** Writes so many events, and prints what was told as an error. */
const WRITER = `
  import { auditLog } from "@cache/core/audit";
  const [path, options, count] = process.argv.slice(1);
  const log = auditLog(path, { ...JSON.parse(options), onError: (error) => console.log(String(error), error.cause) });
  const event = { type: "hit", level: "security", namespace: "n", plane: "entries", id: "x" };
  for (let n = 0; n < Number(count); n++) log.listener({ ...event, time: Date.now() });
  log.close();
`;

const OPTIONS = [{ maxBytes: 1e9 }, { maxBytes: 20_000, keep: 1000 }, { maxBytes: 5000, keep: 2 }] as const;

describe("an audit log that several processes write", () => {
  it.each(OPTIONS)("has every line, no problem and no error, while and after they do, with %j", async (options) => {
    const path = join(directory(), "audit");
    written(path, 0, options);
    const writers = Array.from({ length: 4 }, () => runProgram(WRITER, path, JSON.stringify(options), "500"));
    let [isDone, looks] = [false, 0];
    const all = Promise.all(writers).finally(() => {
      isDone = true;
    });
    while (!isDone) {
      const { problems } = await verifyAuditLog(path);
      expect(problems).toEqual([]);
      looks += 1;
    }
    expect(await all).toEqual(["", "", "", ""]);
    expect(looks).toBeGreaterThan(1);
    const report = await verifyAuditLog(path);
    expect(report).toMatchObject({ open: 0, problems: [] });
    expect(report.lines + report.rotatedAway).toBe(2 + 4 * 502);
    if (options.maxBytes > 5000) expect(report).toMatchObject({ runs: 5, rotatedAway: 0 });
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it("goes on when one was killed while it had the lock", async () => {
    const path = join(directory(), "audit");
    written(path, 1);
    writeFileSync(`${path}.lock`, "");
    utimesSync(`${path}.lock`, 1, 1);
    expect(await Promise.all([0, 1, 2].map(() => runProgram(WRITER, path, "{}", "20")))).toEqual(["", "", ""]);
    expect(linesOf(path)).toHaveLength(3 + 3 * 22);
    expect((await verifyAuditLog(path)).problems).toEqual([]);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });
});
