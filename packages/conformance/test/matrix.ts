import { describe, expect, it } from "vitest";
import { type Case, runCases } from "../src/index.ts";

/** Something with one fault, and the cases that must find it. */
export interface Fault<F> {
  readonly fails: RegExp;
  readonly fixture: () => F | Promise<F>;
}

/** Faults by what is wrong. */
export type Faults<F> = Readonly<Record<string, Fault<F>>>;

/**
 * Both directions: each planted fault fails every case that it names, and each case is named by a fault, so that no
 * case is there for show.
 */
export function provesItself<F>(cases: readonly Case<F>[], faults: Faults<F>): void {
  describe("each planted fault fails the cases that look for it", () => {
    for (const [words, { fails, fixture }] of Object.entries(faults)) {
      it(words, async () => {
        const looking = cases.filter((each) => fails.test(each.name));
        expect(looking.length).toBeGreaterThan(0);
        const results = await runCases(looking, await fixture());
        expect(results.filter((result) => result.ok).map((result) => result.name)).toEqual([]);
      });
    }
  });

  it("each case looks for a planted fault", () => {
    const all = Object.values(faults);
    const names = cases.map((each) => each.name);
    expect(names.filter((name) => !all.some(({ fails }) => fails.test(name)))).toEqual([]);
  });
}

/** What is whole passes, and every case has a name of its own that begins with what it is about. */
export function passes<F>(cases: readonly Case<F>[], fixture: () => F | Promise<F>): void {
  for (const each of cases) it(each.name, async () => each.run(await fixture()));

  it("names of cases are unique sentences", () => {
    const names = cases.map((each) => each.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[A-Za-z ]+: \S/.test(name))).toEqual([]);
  });
}
