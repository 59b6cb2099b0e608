import { describe, expect, test } from "vitest";
import type { AttackRecord, Evidence, RunRecord } from "../src/evidence.ts";
import { htmlReport } from "../src/report/html.ts";
import { PLAIN } from "../src/report/palette.ts";
import { textReport } from "../src/report/text.ts";
import { judge } from "../src/verdict.ts";

const cold: RunRecord = { title: "cold", milliseconds: 900, hits: 0, computed: 40, identity: "a".repeat(64) };
const warm: RunRecord = { title: "warm", milliseconds: 30, hits: 40, computed: 0, identity: "a".repeat(64) };
const attack: AttackRecord = {
  ...{ title: "flip <b>", deed: "changes a bit", promise: "it is noticed" },
  ...{ expected: ["rejected ERR_CACHE_AUTH"], seen: ["rejected ERR_CACHE_AUTH"], events: [] },
  ...{ proofs: [{ claim: "a claim", holds: true }], recomputed: 1, identical: true },
};
const sound: Evidence = {
  ...{ files: 40, bytes: 1000, stored: { values: 80, bytes: 500 }, runs: [cold, warm], attacks: [attack] },
  rotation: [
    { step: "add", explanation: "", hits: 40, computed: 0, proofs: [{ claim: "another claim", holds: true }] },
  ],
  chapters: [{ title: "a job", explanation: "", proofs: [{ claim: "a third claim", holds: true }] }],
};
const [step] = sound.rotation;
const failing = [{ claim: "a claim", holds: false }];

const sabotaged: readonly (readonly [string, Evidence])[] = [
  ["a poisoned entry that was a hit", { ...sound, attacks: [{ ...attack, seen: ["hit"] }] }],
  ["a refusal with another code", { ...sound, attacks: [{ ...attack, seen: ["rejected ERR_CACHE_FORMAT"] }] }],
  ["an attack that looked nothing up", { ...sound, attacks: [{ ...attack, expected: [], seen: [] }] }],
  ["an output that changed after an attack", { ...sound, attacks: [{ ...attack, identical: false }] }],
  ["a proof of an attack that does not hold", { ...sound, attacks: [{ ...attack, proofs: failing }] }],
  ["no attacks", { ...sound, attacks: [] }],
  ["a cold run that was not cold", { ...sound, runs: [{ ...cold, hits: 1, computed: 39 }, warm] }],
  ["a warm run with a miss", { ...sound, runs: [cold, { ...warm, hits: 39, computed: 1 }] }],
  ["a warm run with other output", { ...sound, runs: [cold, { ...warm, identity: "b".repeat(64) }] }],
  ["a warm run that is slower", { ...sound, runs: [cold, { ...warm, milliseconds: 901 }] }],
  ["no warm run", { ...sound, runs: [cold] }],
  [
    "a step of a rotation that does not hold",
    { ...sound, rotation: [{ ...(step as NonNullable<typeof step>), proofs: failing }] },
  ],
  [
    "a step of a rotation that shows nothing",
    { ...sound, rotation: [{ ...(step as NonNullable<typeof step>), proofs: [] }] },
  ],
  ["no rotation", { ...sound, rotation: [] }],
  ["a job that does not do what it says", { ...sound, chapters: [{ title: "", explanation: "", proofs: failing }] }],
  ["a job that shows nothing", { ...sound, chapters: [{ title: "", explanation: "", proofs: [] }] }],
  ["no jobs", { ...sound, chapters: [] }],
];

describe("the verdict", () => {
  test("is good when everything is as promised", () => {
    expect(judge(sound)).toEqual([]);
    expect(textReport(sound, [], "page.html", PLAIN)).toMatch(/\nAS PROMISED: .*\n$/);
  });

  test.each(sabotaged)("is bad for %s, and both reports say so", (_, evidence) => {
    const faults = judge(evidence);
    expect(faults).toHaveLength(1);
    expect(textReport(evidence, faults, "page.html", PLAIN)).toMatch(/\nNOT AS PROMISED: 1 fault\n$/);
    expect(htmlReport(evidence, faults)).toContain('<div class="verdict bad" role="status">NOT AS PROMISED: 1 fault');
  });

  test("stands in a page where no text becomes markup", () => {
    const page = htmlReport(sound, []);
    expect(page).toContain("flip &lt;b&gt;");
    expect(page).not.toContain("flip <b>");
  });
});
