import { expect, it } from "vitest";
import { campaign } from "../campaign.mjs";
import { isGood, reportOf } from "../report.mjs";
import { targets } from "../targets.mjs";

/** The long version is `pnpm test:fuzz`. */
const RUNS = 600;

it("no target breaks a promise for inputs that coverage leads to", async () => {
  const names = targets.map(({ name }) => name);
  const halves = [0, 1].map((half) => names.filter((_, i) => i % 2 === half));
  const outcomes = await campaign(halves, 2, { runs: RUNS, seed: 20_260_101 });
  expect(outcomes.map(({ name }) => name).sort()).toEqual([...names].sort());
  const report = reportOf(outcomes, (_, bytes) => Buffer.from(bytes).toString("base64"));
  expect(
    outcomes.filter((each) => !isGood(each)),
    report,
  ).toEqual([]);
  for (const { name, runs, features, inputs } of outcomes) {
    expect(runs, name).toBeGreaterThanOrEqual(RUNS);
    expect(Math.min(features, inputs), name).toBeGreaterThan(1);
  }
}, 300_000);
