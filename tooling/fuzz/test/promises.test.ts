import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { faultOf } from "../engine/fault.mjs";
import { keptInputs } from "../kept.mjs";
import { targets } from "../targets.mjs";

/** Bytes with some of them exchanged, lost or doubled. */
const edited = (seeds: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> => {
  const edit = fc.record({ at: fc.nat(), drop: fc.nat(6), insert: fc.uint8Array({ maxLength: 6 }) });
  return fc.tuple(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 4 })).map(([seed, edits]) =>
    edits.reduce((bytes, { at, drop, insert }) => {
      const from = at % (bytes.length + 1);
      return Uint8Array.from([...bytes.subarray(0, from), ...insert, ...bytes.subarray(from + drop)]);
    }, seed),
  );
};

describe.each(targets)("$name", (target) => {
  it("holds what it promises for what its writers made, and for every input that is kept", async () => {
    const inputs = [
      ...(await target.seeds()),
      ...keptInputs("corpus", target.name),
      ...keptInputs("found", target.name),
    ];
    expect(inputs.length).toBeGreaterThan(0);
    for (const bytes of inputs)
      expect(await faultOf(target, bytes), Buffer.from(bytes).toString("base64")).toBeUndefined();
  });

  it("holds it for any bytes, and for such with some changed, lost or doubled", async () => {
    const bytes = fc.oneof(
      { weight: 1, arbitrary: fc.uint8Array() },
      { weight: 4, arbitrary: edited(await target.seeds()) },
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (each) => {
        expect(await faultOf(target, each)).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });
});
