import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { MISUSES } from "../misuse/cases.mjs";
import { misuseTable, withTable } from "../misuse/table.mjs";
import { titlesBelow, titlesIn } from "../misuse/titles.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

describe("cases of misuse", () => {
  it("titles: one number, several, and templates are found; a number elsewhere is none", () => {
    const text = [
      'it("M7: one", () => {});',
      "it(`M12: $" + "{words}`, () => {});",
      '"M41: first, and M39: second",',
      'it("M43 M46: both", f); it("not M5 here", f); const M9 = 1;',
    ].join("\n");
    expect(titlesIn(text).map(({ numbers }) => numbers)).toEqual([[7], [12], [41, 39], [43, 46]]);
  });

  it("each number up to 66 is tried by a test, or the table says why not", () => {
    const { untried } = misuseTable(titlesBelow(root));
    expect(untried).toEqual([]);
    expect(Object.keys(MISUSES).map(Number)).toEqual(Array.from({ length: 66 }, (_, i) => i + 1));
  });

  it("a number that no case has is found", () => {
    const numbers = titlesBelow(root).flatMap((titled) => titled.numbers);
    expect(numbers.filter((number) => MISUSES[number] === undefined)).toEqual([]);
  });

  it("a case that is tried needs no excuse", () => {
    const tried = new Set(titlesBelow(root).flatMap((titled) => titled.numbers));
    const excused = Object.entries(MISUSES).filter(([, { without }]) => without !== undefined);
    expect(excused.filter(([number]) => tried.has(Number(number)))).toEqual([]);
  });

  it("the table in the threat model is of these tests; pnpm run misuse writes it", () => {
    const document = readFileSync(`${root}docs/threat-model.md`, "utf8");
    expect(withTable(document, misuseTable(titlesBelow(root)).table)).toBe(document);
  });
});
