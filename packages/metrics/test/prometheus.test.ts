import { describe, expect, it } from "vitest";
import { prometheusMeter } from "../src/index.ts";

const SEEN = { name: "things.seen", help: "Things that were seen." };
const SIZE = { name: "things.size", help: "How large.", unit: "By", bounds: [1, 10] } as const;

describe("the text for Prometheus", () => {
  it("is empty before the first number", () => expect(prometheusMeter().text()).toBe(""));

  it("gives a counter as one line for each set of labels", () => {
    const meter = prometheusMeter();
    meter.count(SEEN, 2, { colour: "red", at: "x" });
    meter.count(SEEN, 0.5, { at: "x", colour: "red" });
    meter.count(SEEN, 1, {});
    expect(meter.text()).toBe(
      [
        "# HELP things_seen_total Things that were seen.",
        "# TYPE things_seen_total counter",
        "things_seen_total 1",
        'things_seen_total{at="x",colour="red"} 2.5',
        "",
      ].join("\n"),
    );
  });

  it("gives a histogram as buckets that include the smaller ones, with sum and count", () => {
    const meter = prometheusMeter({ prefix: "my_" });
    for (const value of [0, 1, 2, 11]) meter.record(SIZE, value, { at: "x" });
    expect(meter.text()).toBe(
      [
        "# HELP my_things_size_bytes How large.",
        "# TYPE my_things_size_bytes histogram",
        'my_things_size_bytes_bucket{at="x",le="1"} 2',
        'my_things_size_bytes_bucket{at="x",le="10"} 3',
        'my_things_size_bytes_bucket{at="x",le="+Inf"} 4',
        'my_things_size_bytes_sum{at="x"} 14',
        'my_things_size_bytes_count{at="x"} 4',
        "",
      ].join("\n"),
    );
  });

  it("has one order, whatever was measured first", () => {
    const text = (order: readonly string[]) => {
      const meter = prometheusMeter();
      for (const at of order) meter.count({ name: `seen.${at}`, help: "" }, 1, {});
      for (const at of order) meter.record(SIZE, 1, { at });
      return meter.text();
    };
    expect(text(["b", "a", "c"])).toBe(text(["c", "b", "a"]));
  });

  it("escapes what would end a line or a label, and nothing can be smuggled in", () => {
    const meter = prometheusMeter();
    meter.count({ name: "odd", help: 'a "help"\nin \\ lines' }, 1, { at: 'x"} 5\nother 6\\' });
    expect(meter.text().split("\n")).toEqual([
      '# HELP odd_total a "help"\\nin \\\\ lines',
      "# TYPE odd_total counter",
      'odd_total{at="x\\"} 5\\nother 6\\\\"} 1',
      "",
    ]);
  });

  it("adds what comes after the last series there is room for to one series of its own", () => {
    const meter = prometheusMeter({ maxSeries: 2 });
    for (const at of ["a", "b", "c", "d", "a"]) meter.count(SEEN, 1, { at });
    const lines = meter.text().split("\n").slice(2, -1);
    expect(lines).toEqual([
      'things_seen_total{at="a"} 2',
      'things_seen_total{at="b"} 1',
      'things_seen_total{overflow="true"} 2',
    ]);
  });

  it("uses the bounds it was given for a histogram that brings none", () => {
    const meter = prometheusMeter({ bounds: [5] });
    meter.record({ name: "x", help: "" }, 4, {});
    expect(meter.text()).toContain('x_bucket{le="5"} 1\n');
  });
});

describe("a meter for Prometheus", () => {
  const meter = prometheusMeter();
  meter.record({ name: "taken.total", help: "" }, 1, {});
  it.each<[string, () => unknown]>([
    ["a name that is none", () => meter.count({ name: "a b", help: "" }, 1, {})],
    ["a label that is none", () => meter.count(SEEN, 1, { "a b": "" })],
    ["a label of Prometheus's own", () => meter.record(SIZE, 1, { le: "1" })],
    ["a counter that falls", () => meter.count(SEEN, -1, {})],
    ["a counter that is no number", () => meter.count(SEEN, Number.NaN, {})],
    ["a value without end", () => meter.record(SIZE, Number.POSITIVE_INFINITY, {})],
    ["bounds that do not rise", () => meter.record({ name: "y", help: "", bounds: [2, 2] }, 1, {})],
    ["one name for two kinds", () => meter.count({ name: "taken", help: "" }, 1, {})],
    ["an option there is not", () => prometheusMeter({ buckets: [1] } as never)],
    ["a prefix that is none", () => prometheusMeter({ prefix: "a-" })],
    ["bounds among its options that do not rise", () => prometheusMeter({ bounds: [2, 1] })],
    ["no series", () => prometheusMeter({ maxSeries: 0 })],
  ])("refuses %s, and shows nothing of it", (_, wrong) => {
    const before = meter.text();
    expect(wrong).toThrow(TypeError);
    expect(meter.text()).toBe(before);
  });
});
