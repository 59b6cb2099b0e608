import { createCache, memoize } from "@cache/core";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";

const memory = () => memoryStore({ maxBytes: 64_000_000 });

describe("the digest of memoized functions", () => {
  it("text with lone surrogates never meets other text, as argument, field name or pattern", () => {
    const { digest } = memoize(createCache({ store: memory() }), (_: unknown) => 1, { name: "f" });
    // The bytes that stood for a lone surrogate, read as text.
    const posing = "\u0002\0\0\0\0\0\0\0\u0006\0\0\0\0\0\0\0utf-16\u0002\0\0\0\0\0\0\0\u0700";
    expect(digest("\udc80")).not.toBe(digest(posing));
    expect(digest({ "\udc80": 1 })).not.toBe(digest({ [posing]: 1 }));
    expect(digest(/\udc80/)).not.toBe(digest(new RegExp(posing)));
  });

  it("what does not show in the digest is refused: symbols as names, fields of arrays, subclasses", () => {
    const { digest } = memoize(createCache({ store: memory() }), (_: unknown) => 1, { name: "f" });
    class Tagged extends Map {}
    expect(() => digest({ [Symbol("s")]: 1 })).toThrow("symbol as a name");
    expect(() => digest(Object.assign([1], { more: 2 }))).toThrow("fields beside its items");
    expect(() => digest(new Tagged())).toThrow("instance of Tagged");
    expect(digest([undefined])).not.toBe(digest(new Array(2)));
  });

  it("places without items, indices that are none, lengths and positions never meet what they look like", () => {
    const { digest } = memoize(createCache({ store: memory() }), (_: unknown) => 1, { name: "f" });
    const at = (lastIndex: number) => Object.assign(/a/g, { lastIndex });
    expect(digest(new Array(1))).not.toBe(digest([undefined]));
    expect(digest(new Array(3))).not.toBe(digest(new Array(4)));
    expect(digest(new Array(4_000_000_000))).toBe(digest(new Array(4_000_000_000)));
    expect(digest(at(1))).not.toBe(digest(at(0)));
    expect(() => digest(Object.assign([], { 4294967295: 1 }))).toThrow("fields beside");
    expect(() => digest(Object.assign(new ArrayBuffer(1), { more: 1 }))).toThrow("fields beside");
    expect(() => digest(Object.defineProperty({}, "hidden", { value: 1 }))).toThrow("hidden field");
  });

  it("a subclass of a typed array is not the type whose name it took; a Buffer is the bytes it is", () => {
    const { digest } = memoize(createCache({ store: memory() }), (_: unknown) => 1, { name: "f" });
    const posing = { string: class extends Uint8Array {} }.string;
    expect(() => digest(posing.of(1))).toThrow("is an instance of string");
    expect(digest(Buffer.of(1))).toBe(digest(Uint8Array.of(1)));
    expect(digest(Int8Array.of(1))).not.toBe(digest(Uint8Array.of(1)));
    expect(digest(new DataView(new ArrayBuffer(1)))).not.toBe(digest(new Uint8Array(1)));
  });

  it("arguments of any width, and of a depth that people write, have a digest; deeper ones are refused in words", () => {
    const { digest } = memoize(createCache({ store: memory() }), (_: unknown) => 1, { name: "f" });
    const wide = Array.from({ length: 200_000 }, (_, i) => i);
    const nested = (levels: number) => {
      let value: unknown = 1;
      for (let i = 0; i < levels; i++) value = i % 2 ? [value] : { value };
      return value;
    };
    expect(digest(wide)).not.toBe(digest(wide.slice(1)));
    expect(digest(new Set(wide))).not.toBe(digest(new Map(wide.map((i) => [i, i]))));
    expect(digest(Object.fromEntries(wide.map((i) => [`k${i}`, i])))).toHaveLength(64);
    expect(digest(nested(400))).not.toBe(digest(nested(401)));
    expect(() => digest(nested(20_000))).toThrow(
      expect.objectContaining({
        code: "ERR_CACHE_UNDIGESTIBLE",
        message: expect.stringContaining("more than 500 deep"),
      }),
    );
  });
});
