import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packsOf } from "../src/put/packs.ts";

const sizes = fc.oneof(
  fc.nat(20_000),
  fc.nat(3_000_000),
  fc.integer({ min: 0, max: 50_000_000_000 }),
  fc.constantFrom(0, 1_048_575, 1_048_576, 1_048_577),
);
const membersOf = (all: readonly number[]) => all.map((size, at) => ({ path: `${at}`, size, executable: false }));

describe("the files of a tree", () => {
  it("are in as many contents as an entry can need, each in one, whatever their number and sizes", () => {
    fc.assert(
      fc.property(fc.array(sizes, { maxLength: 5000, size: "max" }), (all) => {
        const members = membersOf(all);
        const packs = packsOf(members);
        expect(packs.length).toBeLessThanOrEqual(801);
        expect(packs.every((pack) => pack.length > 0)).toBe(true);
        const packed = packs.flat().map(({ path }) => path);
        expect(packed.length).toBe(members.length);
        expect(new Set(packed).size).toBe(members.length);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ["a million of 4 KiB", 1_000_000, 4096],
    ["a hundred thousand of 1 MiB", 100_000, 1_048_576],
    ["ten thousand of 1 GiB", 10_000, 1_073_741_824],
    ["nine hundred and fifty of 1.1 MiB", 950, 1_153_434],
  ])("%s too", (_, count, size) => {
    const packs = packsOf(membersOf(new Array<number>(count).fill(size)));
    expect(packs.length).toBeLessThanOrEqual(801);
    expect(packs.length).toBeGreaterThan(50);
  });

  it("are mostly in the same contents when one comes or goes", () => {
    const all = membersOf(new Array<number>(20_000).fill(5000));
    const without = all.filter((_, at) => at !== 4321);
    const textOf = (pack: readonly { readonly path: string }[]) => pack.map(({ path }) => path).join();
    const before = new Set(packsOf(all).map(textOf));
    const changed = packsOf(without).filter((pack) => !before.has(textOf(pack)));
    expect(before.size).toBeGreaterThan(100);
    expect(changed.length).toBeLessThan(5);
  });
});
