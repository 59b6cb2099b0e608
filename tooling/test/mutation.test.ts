import { describe, expect, it } from "vitest";
import { EXCUSED } from "../mutation/excuses.mjs";
import { guardsIn } from "../mutation/guards.mjs";
import { filesIn } from "../mutation/observation.mjs";
import { PLACES } from "../mutation/places.mjs";
import { stepsOf, withSwitches } from "../mutation/switches.mjs";

const found = (text: string, predicates = {}) => guardsIn(text, predicates).map(({ kind, text }) => `${kind} ${text}`);

describe("verification steps are found:", () => {
  it.each([
    ["if (a) throw b;", ["refuses a"]],
    ["if (a || b) { c(); throw d; }", ["refuses a", "refuses b"]],
    ["if (!(a && b)) throw c;", ["accepts a", "accepts b"]],
    ["if (a && (b || c)) throw d;", ["refuses b", "refuses c"]],
    ["function f() { const same = a && b; if (!same) throw c; }", ["accepts a", "accepts b"]],
    ["const f = () => (a ? b : refuse());", ["accepts a"]],
    ["checkName(a); await requireOpen();", ["checks checkName(a);", "checks await requireOpen();"]],
    ["const same = crypto.equal(a, b);", ["accepts crypto.equal(a, b)"]],
    ["function f() { if (a > b) return undefined; }", ["refuses a > b"]],
    ["function f() { if (a === undefined) return undefined; }", []],
    ["if (a) refuse(b);", ["refuses a"]],
    ["if (a) b();", []],
  ])("%s", (text, steps) => {
    expect(found(text)).toEqual(steps);
  });

  it("in functions that say what they found", () => {
    expect(found("const isOurs = () => a && b;", { isOurs: "accepts" })).toEqual(["accepts a", "accepts b"]);
    expect(found("function isOpen() { return a && (b || c); }", { isOpen: "refuses" })).toEqual([
      "refuses b",
      "refuses c",
    ]);
  });
});

it("a step that is taken out counts for nothing, and the others for what they did", () => {
  const text = `const refuse = (why) => { throw why; };
    const checkC = (c) => c && refuse("c");
    return (a, b, c) => { if (a || b) throw "ab"; checkC(c); return "read"; };`;
  const ids = stepsOf("f.ts", text).map(({ id }) => id);
  const outcome = (removed: string | undefined, ...given: boolean[]): unknown => {
    const steps = {
      refuses: (id: string, condition: unknown) => id !== removed && condition,
      checks: (id: string, error?: unknown) => {
        if (error !== undefined) throw error;
        return id !== removed;
      },
    };
    const made = new Function("globalThis", withSwitches("f.ts", text))({ __steps: steps });
    try {
      return made(...given);
    } catch (error) {
      return error;
    }
  };
  for (const removed of [undefined, ...ids]) expect(outcome(removed, false, false, false)).toBe("read");
  const whole = [outcome(undefined, true), outcome(undefined, false, true), outcome(undefined, false, false, true)];
  expect(whole).toEqual(["ab", "ab", "c"]);
  const [a, b, c] = ids;
  expect([outcome(a, true), outcome(b, false, true), outcome(c, false, false, true)]).toEqual(["read", "read", "read"]);
  expect([outcome(a, false, true), outcome(b, true)]).toEqual(["ab", "ab"]);
});

it("every place has files, and every excuse is of a step that is there", () => {
  for (const { path } of PLACES) expect(filesIn(path), path).not.toEqual([]);
  for (const { file, text } of EXCUSED)
    expect(
      stepsOf(file).map((step) => step.text),
      file,
    ).toContain(text);
});
