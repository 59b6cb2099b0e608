import { describe, expect, it } from "vitest";
import { hkdfExpand, crypto as present } from "../src/crypto/index.ts";
import { crypto as portable } from "../src/platform/portable.ts";

describe.each(Object.entries({ present, portable }))("the primitives: %s", (_, crypto) => {
  it("two byte strings are equal when all of them is, and only then", () => {
    const bytes = Uint8Array.of(1, 2, 3);
    expect(crypto.equal(bytes, Uint8Array.of(1, 2, 3))).toBe(true);
    for (const other of [[1, 2], [1, 2, 3, 0], [1, 2, 4], []]) {
      expect(crypto.equal(bytes, Uint8Array.from(other))).toBe(false);
      expect(crypto.equal(Uint8Array.from(other), bytes)).toBe(false);
    }
  });

  it("HKDF ends after 255 hashes (RFC 5869, 2.3)", () => {
    const expand = (length: number) => hkdfExpand(crypto, "sha256", new Uint8Array(32), new Uint8Array(0), length);
    expect(expand(255 * 32)).toHaveLength(255 * 32);
    expect(() => expand(255 * 32 + 1)).toThrow(RangeError);
  });
});
