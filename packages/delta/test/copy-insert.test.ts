import { brotliCompressSync } from "node:zlib";
import { copyInsertEngine } from "@cache/delta";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collect, edited, joined, noise, stream } from "./inputs.ts";

const engine = copyInsertEngine();
const encode = (reference: Uint8Array, target: Uint8Array, piece?: number) =>
  collect(engine.encode(reference, stream(target, piece)));
const decode = (reference: Uint8Array, delta: Uint8Array, size: number) =>
  collect(engine.decode(reference, stream(delta), { size }));

/** Pieces of a reference in any order, with other bytes between them: what a later version is made of. */
const versions = fc
  .tuple(
    fc.uint8Array({ maxLength: 400 }),
    fc.array(fc.tuple(fc.nat(400), fc.nat(400), fc.uint8Array({ maxLength: 60 })), { maxLength: 8 }),
  )
  .map(([reference, parts]) => ({
    reference,
    target: joined(...parts.flatMap(([from, length, other]) => [reference.subarray(from, from + length), other])),
  }));

describe("copyInsertEngine", () => {
  it("gives back every target of every reference", async () => {
    await fc.assert(
      fc.asyncProperty(versions, async ({ reference, target }) => {
        expect(await decode(reference, await encode(reference, target), target.byteLength)).toEqual(target);
      }),
      { numRuns: 300 },
    );
  });

  it("finds what a version shares with the one before, across windows, and what repeats", async () => {
    const reference = noise(3_000_000, 1);
    const target = edited(reference, 2);
    const delta = await encode(reference, target);
    expect(delta.byteLength).toBeLessThan(1500);
    expect(await decode(reference, delta, target.byteLength)).toEqual(target);
    const moved = joined(reference.subarray(2_000_000), reference.subarray(0, 2_000_000));
    expect((await encode(reference, moved)).byteLength).toBeLessThan(200);
    const zeros = new Uint8Array(4_000_000);
    expect((await encode(zeros, joined(zeros, noise(10, 1)))).byteLength).toBeLessThan(200);
  });

  it("makes the same delta however the target comes in pieces", async () => {
    const reference = noise(1_500_000, 1);
    const target = edited(reference, 2);
    expect(await encode(reference, target, 1_000_003)).toEqual(await encode(reference, target, 4099));
  });

  it("goes on where the last copy would have gone, though the bytes occur earlier, too", async () => {
    const row = noise(64, 3);
    const reference = joined(...Array.from({ length: 2000 }, (_, i) => joined(row, noise(16, i))));
    const target = reference.slice();
    for (let at = 70; at < target.byteLength; at += 8000) target[at] = (target[at] as number) ^ 1;
    expect((await encode(reference, target)).byteLength).toBeLessThan(300);
  });

  it("takes a Buffer for either side, and keeps nothing of it", async () => {
    const reference = Buffer.from(noise(100_000, 1));
    const target = Buffer.from(edited(reference, 2));
    const delta = await encode(reference, target);
    for await (const piece of engine.decode(reference, stream(delta), { size: target.byteLength })) piece.fill(0);
    expect(reference).toEqual(Buffer.from(noise(100_000, 1)));
  });

  it("stops when the caller does, with the caller's reason", async () => {
    const reference = noise(100_000, 1);
    const delta = await encode(reference, reference);
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(collect(engine.encode(reference, stream(reference), { signal }))).rejects.toThrow("enough");
    await expect(collect(engine.decode(reference, stream(delta), { size: 100_000, signal }))).rejects.toThrow("enough");
  });

  it("hands on what its input throws", async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield noise(10, 1);
      throw new RangeError("the input");
    }
    await expect(collect(engine.encode(noise(99, 1), failing()))).rejects.toThrow(RangeError);
    await expect(collect(engine.decode(noise(99, 1), failing(), { size: 1 }))).rejects.toThrow(RangeError);
  });
});

describe("a hostile delta", () => {
  const reference = noise(1000, 1);
  const refusal = { code: "ERR_CACHE_FORMAT" };
  const raw = (...bytes: number[]) => brotliCompressSync(Uint8Array.from(bytes));
  const MOST = [255, 255, 255, 255, 255, 255, 255, 15];

  it.each<[string, Uint8Array, number]>([
    ["is no compression", noise(50, 1), 10],
    ["is nothing", new Uint8Array(0), 10],
    ["gives less than the target", raw(2, 65), 2],
    ["inserts more than the target", raw(4, 65, 66), 1],
    ["copies more than the target", raw(5, 0), 1],
    ["copies after the target is complete", raw(2, 65, 3, 0), 1],
    ["copies from before the reference", raw(3, 1), 1],
    ["copies from behind the reference", raw(3, 0xd0, 0x0f), 1],
    ["copies beyond the end of the reference", raw(5, 0xce, 0x0f), 2],
    ["copies from as far as a number goes", raw(3, ...MOST), 1],
    ["has an instruction of no length", raw(0, 2, 65), 1],
    ["has a copy of no length", raw(1, 0), 0],
    ["has a number that is not in its shortest form", raw(0x82, 0, 65), 1],
    ["has a number that is too large", raw(255, 255, 255, 255, 255, 255, 255, 31), 1],
    ["has a number that does not end", raw(255, 255, 255, 255, 255, 255, 255, 255, 1), 1],
    ["ends within a number", raw(0x82), 1],
    ["ends within a number after the target is complete", raw(2, 65, 0x82), 1],
    ["ends within an insertion", raw(4, 65), 2],
    ["ends before the offset of a copy", raw(3), 1],
  ])("that %s is refused", async (_, delta, size) => {
    await expect(decode(reference, delta, size)).rejects.toMatchObject(refusal);
  });

  it("is read where it is none of that", async () => {
    expect(await decode(reference, raw(2, 65, 5, 0xcc, 0x0f), 3)).toEqual(
      joined(Uint8Array.of(65), reference.subarray(998)),
    );
    expect(await decode(reference, brotliCompressSync(new Uint8Array(0)), 0)).toEqual(new Uint8Array(0));
  });

  it("that is cut short or altered anywhere gives an error or other bytes, never more of them", async () => {
    const target = edited(reference, 5);
    const delta = await encode(reference, target);
    for (let at = 0; at < delta.byteLength; at += 7) {
      await expect(decode(reference, delta.subarray(0, at), target.byteLength)).rejects.toMatchObject(refusal);
      const altered = delta.map((byte, i) => (i === at ? byte ^ 0x10 : byte));
      const found = await decode(reference, altered, target.byteLength).catch((error: unknown) => error);
      if (found instanceof Uint8Array) expect(found.byteLength).toBe(target.byteLength);
      else expect(found).toMatchObject(refusal);
    }
  });

  it("gives nothing beyond the size, however much it claims", async () => {
    let given = 0;
    const pieces = engine.decode(reference, stream(raw(2, 65, ...MOST)), { size: 5 });
    await expect(
      (async () => {
        for await (const piece of pieces) given += piece.byteLength;
      })(),
    ).rejects.toMatchObject(refusal);
    expect(given).toBeLessThanOrEqual(5);
  });
});
