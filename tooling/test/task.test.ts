import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readCounts } from "../task/counts.mjs";
import { plant } from "./planted.ts";

const here = fileURLToPath(new URL("../..", import.meta.url));

describe("counting tests", () => {
  /** What vitest itself reports of some files of tests. */
  function countsOf(files: Record<string, string>): ReturnType<typeof readCounts> {
    const root = plant(files);
    const report = join(root, "report.json");
    const vitest = join(here, "node_modules/vitest/vitest.mjs");
    const args = [vitest, "run", "--globals", "--root", root, "--reporter=json", `--outputFile=${report}`];
    spawnSync(process.execPath, args, { cwd: root, stdio: "ignore" });
    return readCounts(report);
  }

  it("passed, failed and skipped tests are counted, and a file that cannot be loaded is a failure", () => {
    const counts = countsOf({
      "a.test.js":
        'it("a", () => {}); it("b", () => {}); it("c", () => { throw new Error(); }); it.skip("d", () => {});',
      "b.test.js": 'import "./missing.js"; it("never", () => {});',
    });
    expect(counts).toEqual({ passed: 2, failed: 2, skipped: 1 });
  });

  it("no report is not zero tests", () => {
    expect(readCounts(join(plant({}), "report.json"))).toBeUndefined();
  });
});

interface Played {
  /** Exit code of each program `pnpm` is asked for, by a word of its arguments. */
  readonly exits?: Readonly<Record<string, number>>;
  /** What vitest reports. */
  readonly report?: object;
  /** What it reported the last time. */
  readonly earlier?: object;
}

/** Runs a task with a pnpm that plays what it is told, which is quicker than to break a repository in so many ways. */
function play(args: string[], { exits = {}, report, earlier }: Played): { code: number | null; lines: string[] } {
  const root = plant({ "bin/report.json": report ?? "", ...(earlier && { ".test-report/report.json": earlier }) });
  cpSync(join(here, "tooling/task"), join(root, "tooling/task"), { recursive: true });
  cpSync(join(here, "tooling/task.mjs"), join(root, "tooling/task.mjs"));
  const cases = Object.entries(exits).map(([word, code]) => `*" ${word} "*) exit ${code};;`);
  const copy = `case " $* " in *" tests "*) mkdir -p .test-report; cp '${root}/bin/report.json' .test-report;; esac`;
  const script = `#!/bin/sh\n${report === undefined ? "" : copy}\ncase " $* " in ${cases.join(" ")} *) exit 0;; esac\n`;
  writeFileSync(join(root, "bin/pnpm"), script);
  chmodSync(join(root, "bin/pnpm"), 0o755);
  const env = {
    ...process.env,
    PATH: `${join(root, "bin")}${delimiter}${process.env.PATH}`,
    TMPDIR: join(root, "tmp"),
  };
  mkdirSync(env.TMPDIR);
  const { status, stdout } = spawnSync(process.execPath, ["tooling/task.mjs", ...args], {
    cwd: root,
    env,
    encoding: "utf8",
  });
  expect(readdirSync(env.TMPDIR), "what the task left behind").toEqual([]);
  return { code: status, lines: stdout.trimEnd().split("\n") };
}

const report = (passed: number, failed: number, total = passed + failed) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numTotalTests: total,
  testResults: [],
});

describe("npm test", () => {
  it("ends with the numbers on a line of their own and the verdict", () => {
    const { code, lines } = play(["test"], { report: report(12, 0) });
    expect(code).toBe(0);
    expect(lines).toContain("12 passed, 0 failed");
    expect(lines.at(-1)).toMatch(/^npm test: PASSED in [\d.]+ s$/);
  });

  it("a failed test fails it, and the numbers say so", () => {
    const { code, lines } = play(["test"], { report: report(11, 1), exits: { tests: 1 } });
    expect(code).toBe(1);
    expect(lines).toContain("11 passed, 1 failed");
    expect(lines.at(-1)).toMatch(/^npm test: FAILED \(tests\)/);
  });

  it.each([
    ["that found no test", { report: report(0, 0) }],
    ["that left no report", {}],
    ["whose tests were all skipped", { report: report(0, 0, 5) }],
  ])("a run %s has shown nothing, and fails though vitest is content", (_, played) => {
    const { code, lines } = play(["test"], played);
    expect(code).toBe(1);
    expect(lines).toContain("0 passed, 0 failed");
  });

  it("vitest failing without a failed test fails it", () => {
    const { code, lines } = play(["test"], { report: report(3, 0), exits: { tests: 1 } });
    expect(code).toBe(1);
    expect(lines.at(-1)).toContain("vitest reported an error");
  });

  it("does not count what an earlier run reported", () => {
    const { code, lines } = play(["test"], { exits: { build: 1 }, earlier: report(7, 0) });
    expect(code).toBe(1);
    expect(lines).toContain("0 passed, 0 failed");
  });

  it("nothing is tested that was not built", () => {
    const { code, lines } = play(["test"], { report: report(3, 0), exits: { build: 2 } });
    expect(code).toBe(1);
    expect(lines.join("\n")).not.toContain("] tests:");
    expect(lines.at(-1)).toContain("FAILED (build)");
  });
});

describe("npm run check", () => {
  it("goes on after a step that failed, and names the command that runs it alone", () => {
    const { code, lines } = play(["check"], { exits: { types: 2, unused: 1 } });
    expect(code).toBe(1);
    expect(lines.join("\n")).toContain("] examples: ok");
    expect(lines).toContain("  types alone: npm run check -- --only types");
    expect(lines.at(-1)).toMatch(/^npm run check: FAILED \(types, unused\)/);
  });

  it("one step runs alone; after npm test the examples are not run again", () => {
    const names = (...args: string[]) => {
      const { lines } = play(["check", ...args], {});
      return lines.flatMap((line) => /^\[\d+\/\d+\] (\w+): ok/.exec(line)?.[1] ?? []);
    };
    expect(names("--only", "lint")).toEqual(["install", "build", "lint"]);
    const all = names();
    expect(names("--after-test")).toEqual(all.filter((name) => name !== "examples"));
    expect(all).toContain("examples");
  });

  it.each([[["check", "--only", "nothing"]], [["check", "--fast"]], [["nothing"]], [["toString"]], [[]]])(
    "%j says how it is used, and fails",
    (args) => {
      expect(play(args, {}).code).toBe(2);
    },
  );
});

describe("the check of the house", () => {
  it("fails when something is to mend, and says where", () => {
    const root = plant({ "package.json": {}, "stray.txt": "" });
    const args = [join(here, "tooling/check-house.mjs"), root];
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^ {2}stray\.txt {2}does not belong at the top level$/m);
  });
});
