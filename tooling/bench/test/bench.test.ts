import { describe, expect, it } from "vitest";
import { measure } from "../measure.mjs";
import { tableOf } from "../report.mjs";
import { SUBJECTS } from "../subjects.mjs";

const how = { entries: 5, size: 20_000, rounds: 1 };

describe("the benchmark", () => {
  it("has every kind of cache give back what was put, and tells each as a ratio to the first", async () => {
    const measured = await measure(SUBJECTS, how);
    expect(measured.map(({ name }) => name)).toEqual(Object.keys(SUBJECTS));
    const rows = tableOf(measured).split("\n").slice(2);
    expect(rows[0]).toBe("| files by hand, nothing verified | 1.0 | 1.0 |");
    for (const row of rows) expect(row).toMatch(/^\| [^|]+ \| \d+(\.\d)? \| \d+(\.\d)? \|$/);
  });

  it("does not take something else for what was put", async () => {
    const wrong = { put: async () => undefined, get: async () => new Uint8Array(20_000) };
    await expect(measure({ wrong: () => wrong }, how)).rejects.toThrow(/came back as something else/);
    await expect(measure({ none: () => ({ ...wrong, get: async () => undefined }) }, how)).rejects.toThrow();
  });
});
