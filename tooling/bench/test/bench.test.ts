import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { page } from "../report/html.mjs";
import { targetTable, workloadTable } from "../report/text.mjs";
import { Collection, type Result } from "../results.mjs";
import { KINDS } from "../subjects/kinds.mjs";
import { limitAsync, limitSync } from "../subjects/limits.mjs";
import { cacacheByKey } from "../subjects/peers.mjs";
import { judge, TARGETS } from "../targets.mjs";
import { timeKeeper } from "../workloads/values.mjs";

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), "cache-bench-test-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const VALUES = Array.from({ length: 5 }, (_, at) => new Uint8Array(20_000).fill(at));

describe("the benchmark", () => {
  const subjects = { ...KINDS, limit: limitSync, "limit, fs/promises": limitAsync, cacache: cacacheByKey };
  it.each(Object.entries(subjects))("has every kind of cache give back what was put: %s", async (name, open) => {
    const keeper = await open(directory());
    const times = await timeKeeper(keeper, VALUES, name);
    for (const time of Object.values(times)) expect(time).toBeGreaterThan(0);
    await keeper.close?.();
  });

  it("does not take something else for what was put", async () => {
    for (const get of [() => new Uint8Array(20_000), () => undefined])
      await expect(timeKeeper({ put: () => undefined, get }, VALUES, "wrong")).rejects.toThrow(/came back as/);
  });

  it("tells the median and how far rounds lie apart, as ratios to the limit", () => {
    const figures = new Collection("values");
    for (const [subject, all] of [
      ["limit", [100, 90, 110]],
      ["file store", [300, 1000, 200]],
    ] as const)
      for (const time of all) figures.add({ subject, operation: "get", scale: "1 KiB" }, time);
    const results = figures.results();
    expect(results[1]).toMatchObject({ median: 300, least: 200, most: 1000, rounds: 3 });
    expect(workloadTable(results).split("\n").slice(2)).toEqual([
      "| limit | 1 (±10 %) |",
      "| file store | 3 (±233 %) |",
    ]);
  });

  it("says of each target whether it was reached, and nothing of what was not measured", () => {
    const result = (subject: string, median: number): Result => ({
      ...{ workload: "values", operation: "get", scale: "1 KiB", unit: "ns", least: 1, most: 1, rounds: 1 },
      ...{ subject, median },
    });
    const of = (ours: number) => judge([result("limit", 100), result("file store", ours), result("cacache", 4000)]);
    const states = (ours: number) =>
      of(ours)
        .filter(({ id }) => id === "T2")
        .map(({ reached }) => reached);
    expect([states(140), states(141), states(201)]).toEqual([
      [true, true],
      [false, true],
      [false, false],
    ]);
    expect(
      of(1)
        .filter(({ id }) => id !== "T2" && id !== "T10")
        .every(({ reached }) => reached === undefined),
    ).toBe(true);
    expect(targetTable(of(201)).match(/NOT REACHED/g)).toHaveLength(3);
    const html = page({ about: {}, results: [result("<limit>", 1)], judged: of(201), machine: "m" });
    expect([html.includes("<limit>"), html.includes("&lt;limit>")]).toEqual([false, true]);
  });

  it("has every target of the documents", () => {
    expect(new Set(TARGETS.map(({ id }) => id)).size).toBeGreaterThan(12);
  });
});

it("an operation calls the file system as often as it is known to, and not more", async () => {
  const program = fileURLToPath(new URL("../programs/calls.mjs", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program, directory()]);
  const told = Object.entries(JSON.parse(stdout) as Record<string, Record<string, number>>).map(
    ([operation, calls]) =>
      `${operation}: ${Object.entries(calls)
        .map(([name, count]) => `${count} ${name}`)
        .join(", ")}`,
  );
  // Fewer is better: write it down with `vitest -u`. More needs a reason.
  await expect(`${told.join("\n")}\n`).toMatchFileSnapshot("../calls.txt");
});
