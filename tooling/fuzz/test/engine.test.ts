import { describe, expect, it } from "vitest";
import { fuzzed } from "../campaign.mjs";
import { minimised } from "../engine/minimise.mjs";
import { mutated } from "../engine/mutate.mjs";
import { Random } from "../engine/random.mjs";
import { targets as planted } from "./planted/targets.mjs";

const RUNS = 200_000;
const budget = { runs: RUNS, seconds: 60, findings: 1, seed: 1, module: "./test/planted/targets.mjs" };
const faultsOf = async (name: string) => (await fuzzed([name], budget))[0]?.findings ?? [];

/** The same mutations with nothing that leads them. */
function isFoundBlindly(name: string): boolean {
  const target = planted.find((each) => each.name === name);
  const random = new Random(1);
  const seed = new Uint8Array(8);
  const sources = { random, dictionary: [], other: () => seed, operands: [], most: 4096 };
  for (let run = 0; run < RUNS; run++) {
    try {
      void target?.run(mutated(seed, sources));
    } catch {
      return true;
    }
  }
  return false;
}

describe("the fuzzer", () => {
  it("is led by coverage to a fault behind comparisons of single bytes and of a number, which chance does not find", async () => {
    expect(isFoundBlindly("nested")).toBe(false);
    const [finding] = await faultsOf("nested");
    expect(finding?.fault).toBe("Planted: bytes");
    expect(Buffer.from(finding?.bytes ?? "", "base64").toString("latin1")).toBe("fuzz\xde\xad\xbe\xef");
  });

  it("is led by what is compared to a fault behind two words", async () => {
    expect(isFoundBlindly("words")).toBe(false);
    const [finding] = await faultsOf("words");
    expect(Buffer.from(finding?.bytes ?? "", "base64").toString()).toBe("open sesame");
  });

  it("finds an input that asks for more room than its length is worth", async () => {
    expect((await faultsOf("length"))[0]?.fault).toContain("bytes for an input of");
  });

  it("finds an input that takes for ever, and tells which", async () => {
    const [finding] = (await fuzzed(["loop"], { ...budget, patience: 1 }))[0]?.findings ?? [];
    expect(finding?.fault).toContain("too long");
    expect(Buffer.from(finding?.bytes ?? "", "base64")[0]).toBe(0x21);
  });

  it("does the same again from the same seed", async () => {
    const figures = () => fuzzed(["nested", "words"], { ...budget, runs: 20_000, seed: 7 });
    const [first, again] = [await figures(), await figures()].map((all) =>
      all.map(({ runs, features, inputs }) => ({ runs, features, inputs })),
    );
    expect(again).toEqual(first);
  });

  it("shortens what it finds to what matters", async () => {
    const bytes = Buffer.from(`${"x".repeat(300)}a${"y".repeat(200)}b`);
    const short = await minimised(bytes, async (each) => /a.*b/s.test(Buffer.from(each).toString()));
    expect(Buffer.from(short).toString()).toBe("ab");
  });
});
