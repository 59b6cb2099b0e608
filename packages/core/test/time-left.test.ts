import { timeLeft } from "@cache/core/adapter";
import { describe, expect, it } from "vitest";

describe("timeLeft", () => {
  it.each([
    [undefined, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [1, 1],
    [0.1, 1],
    [1500.2, 1501],
    [Number.MAX_VALUE, Number.MAX_SAFE_INTEGER],
    [0, 0],
    [-5, 0],
    [Number.NEGATIVE_INFINITY, 0],
  ])("of %s milliseconds is %s", (time, left) => {
    expect(timeLeft(time)).toBe(left);
  });

  it.each([Number.NaN, "5", null])("refuses %s, which is no time", (time) => {
    expect(() => timeLeft(time as number)).toThrow(TypeError);
  });
});
