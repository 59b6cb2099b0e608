import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  collect,
  fromBase64Url,
  fromHex,
  getUint64,
  pae,
  setUint64,
  toBase64Url,
  toHex,
  utf8,
} from "../src/bytes/index.ts";

describe("bytes", () => {
  it("hex: round trip, and anything but an even number of digits is refused", () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void expect(fromHex(toHex(bytes))).toEqual(bytes)));
    for (const text of ["a", "zz", "0x00", " 00", "00 "]) expect(fromHex(text)).toBeUndefined();
  });

  it("base64url: round trip agrees with Buffer, and no second spelling of the same bytes is accepted", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = toBase64Url(bytes);
        expect(text).toBe(Buffer.from(bytes).toString("base64url"));
        expect(fromBase64Url(text)).toEqual(bytes);
      }),
    );
    for (const text of ["A", "AB", "AA==", "A+", "AAA/", "A\n"]) expect(fromBase64Url(text)).toBeUndefined();
  });

  it("collect: a quarter of a million pieces, on memory of its own even when the pieces share theirs", async () => {
    const shared = new Uint8Array(1);
    async function* pieces() {
      for (let i = 0; i < 250_000; i++) {
        shared[0] = i % 256;
        yield shared;
      }
    }
    const all = await collect(pieces());
    expect(all.length).toBe(250_000);
    expect(all.every((byte, i) => byte === i % 256)).toBe(true);
  });

  it("utf8: a lone surrogate is refused", () => {
    expect(() => utf8("a\ud800")).toThrow(TypeError);
  });

  it("pae: the bytes of the format document", () => {
    const digest = fromHex("7218e1c69c197e5c1dfd05d6e20f0ae307a74cd4d210b56c5a7d7a1f7ae5a206") as Uint8Array;
    expect(toHex(pae("cache/v1/address", "builds", Uint8Array.of(1), digest))).toBe(
      "0400000000000000100000000000000063616368652f76312f6164647265737306000000000000006275696c6473" +
        "01000000000000000120000000000000007218e1c69c197e5c1dfd05d6e20f0ae307a74cd4d210b56c5a7d7a1f7ae5a206",
    );
  });
});

describe("numbers of 64 bits", () => {
  it("are written as BigInt writes them, either way round, and read back", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.boolean(), (number, littleEndian) => {
        const [view, expected] = [new DataView(new ArrayBuffer(10)), new DataView(new ArrayBuffer(10))];
        setUint64(view, 1, number, littleEndian);
        expected.setBigUint64(1, BigInt(number), littleEndian);
        expect(new Uint8Array(view.buffer)).toEqual(new Uint8Array(expected.buffer));
        if (!littleEndian) expect(getUint64(view, 1)).toBe(number);
      }),
    );
  });

  it("above 2^53 - 1 are not exact, and never read as any below", () => {
    for (const number of [2n ** 53n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n]) {
      const view = new DataView(new ArrayBuffer(8));
      view.setBigUint64(0, number);
      expect(getUint64(view, 0)).toBeGreaterThan(Number.MAX_SAFE_INTEGER);
    }
  });
});
