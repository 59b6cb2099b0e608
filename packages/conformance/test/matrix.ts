import { describe, expect, it } from "vitest";
import { type Case, runCases } from "../src/index.ts";

/** Things with one fault each, by the fault. */
export type Faults<F> = Readonly<Record<string, () => F | Promise<F>>>;

/** Both directions: each planted fault is found, and each case finds one, so that no case is there for show. */
export function provesItself<F>(cases: readonly Case<F>[], faults: Faults<F>): void {
  const found = new Map<string, Promise<string[]>>();
  const failedBy = (fault: string): Promise<string[]> => {
    const known = found.get(fault);
    if (known !== undefined) return known;
    const running = (async () => {
      const results = await runCases(cases, await (faults[fault] as () => F | Promise<F>)());
      return results.filter((result) => !result.ok).map((result) => result.name);
    })();
    found.set(fault, running);
    return running;
  };

  describe("each planted fault fails a case", () => {
    for (const fault of Object.keys(faults)) {
      it(fault, async () => {
        expect((await failedBy(fault)).length).toBeGreaterThan(0);
      });
    }
  });

  it("each case is failed by a planted fault", async () => {
    const all = await Promise.all(Object.keys(faults).map(failedBy));
    // A fault that breaks nearly everything would prove nothing about the single case.
    const failed = new Set(all.filter((names) => names.length <= cases.length / 2).flat());
    expect(cases.map((each) => each.name).filter((name) => !failed.has(name))).toEqual([]);
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
