import { describe, expect, it } from "vitest";
import { concat, utf8 } from "../src/bytes/index.ts";
import { decodeMetadata, encodeMetadata, needsOf } from "../src/cache/metadata.ts";

const DIGEST = new Uint8Array(32).fill(7);
const need = (first = 0) => concat(Uint8Array.of(first), DIGEST);

describe("the metadata of an entry", () => {
  it("names its codec and what it needs", () => {
    expect(decodeMetadata({ metadata: concat(utf8("json"), need(), need()) })).toEqual({
      codec: "json",
      needs: [DIGEST, DIGEST],
    });
    expect(encodeMetadata("json", ["07".repeat(32)])).toEqual(concat(utf8("json"), need()));
  });

  it.each([
    ["a digest that is cut", concat(utf8("json"), need().slice(0, -1))],
    ["a digest that is too long", concat(utf8("json"), need(), Uint8Array.of(1))],
    ["a second digest that does not begin as one", concat(utf8("json"), need(), need(1))],
    ["a codec's name that is not UTF-8", Uint8Array.of(0xff)],
  ])("is of no codec of ours and needs nothing with %s", (_, metadata) => {
    expect(() => decodeMetadata({ metadata })).toThrow(expect.objectContaining({ code: "ERR_CACHE_CODEC" }));
    expect(needsOf({ metadata })).toEqual([]);
  });
});
