import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checkCoverage, commandsIn, scriptsIn } from "../coverage/check.mjs";
import { rowsIn } from "../coverage/rows.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const FILE = "tooling/test/coverage.test.ts";
const project = { root, commands: ["get"], scripts: ["demo"] };
const ran = (status: string) => [{ name: root + FILE, assertionResults: [{ fullName: "a test, and more", status }] }];

/** A table of a hundred rows, the first of which is as given. */
const tableOf = (here: string, shown: string): string =>
  [`| 1 | a feature | ${here} | ${shown} |`]
    .concat(Array.from({ length: 99 }, (_, i) => `| ${i + 2} | a feature | declined: a reason |  |`))
    .join("\n");

const problemsOf = (here: string, shown: string, status = "passed"): string[] =>
  checkCoverage(tableOf(here, shown), ran(status), project).problems;

describe("the table of coverage", () => {
  const test = `[here](../${FILE}): "a test"`;

  it("is sound when its tests ran and its commands are there", () => {
    expect(problemsOf("yes", test)).toEqual([]);
    expect(problemsOf("yes", test, "skipped")).toEqual([]);
    expect(problemsOf("yes", "`cache get KEY`; `npm run demo`")).toEqual([]);
    expect(problemsOf("to come", "")).toEqual([]);
  });

  it.each([
    ["a row that shows nothing", "yes", "", /row 1 shows nothing/],
    ["a file that is not there", "yes", '[x](../tooling/test/absent.test.ts): "a test"', /there is no tooling/],
    ["a test that did not run", "yes", `[x](../${FILE}): "another"`, /no test "another" ran/],
    ["a command that is not there", "yes", "`cache fly`", /there is no command "cache fly"/],
    ["a script that is not there", "yes", "`npm run fly`", /there is no command "npm run fly"/],
  ])("finds %s", (_, here, shown, why) => {
    expect(problemsOf(here, shown).join()).toMatch(why);
  });

  it("finds a test that failed, and rows that are missing or in another order", () => {
    expect(problemsOf("yes", test, "failed").join()).toMatch(/did not pass/);
    expect(checkCoverage("| 2 | a | yes | `cache get` |", [], project).problems).toEqual([
      "row 1 is numbered 2",
      "there are 1 rows, not 100",
    ]);
  });

  it("of this project has a hundred rows, and names files and commands that are there", () => {
    const document = readFileSync(`${root}docs/coverage.md`, "utf8");
    const own = { root, commands: commandsIn(root), scripts: scriptsIn(root) };
    expect(own.commands).toEqual(expect.arrayContaining(["get", "verify", "keys"]));
    const everything = rowsIn(document).flatMap(({ evidence }) =>
      evidence.flatMap((each) =>
        "file" in each
          ? { name: root + each.file, assertionResults: [{ fullName: each.title, status: "passed" }] }
          : [],
      ),
    );
    // Whether they ran is looked at when all have: see tests.mjs.
    const found = checkCoverage(document, everything, own).problems.filter((problem) => !/no test/.test(problem));
    expect(found).toEqual([]);
  });
});

it("each of the 23 attacks is tried by a test whose title begins with its number", () => {
  const folder = `${root}tooling/integration/test/attack-table/`;
  const texts = readdirSync(folder).map((file) => readFileSync(folder + file, "utf8"));
  const numbers = texts.flatMap((text) => [...text.matchAll(/title: "A(\d+): /g)].map(([, number]) => Number(number)));
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 23 }, (_, i) => i + 1));
});
