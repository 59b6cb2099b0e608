import { CacheError, type ReadRange, type SealedMetadata } from "@cache/core";
import { describe, expect, it } from "vitest";
import { openMessageStream } from "../src/hazmat.ts";
import { forge } from "./forge.ts";
import { blob, entry, inPieces, joined, metadata, native, pattern, reader, sealer } from "./support.ts";

const content = pattern(100);
const context = entry("key");
const sealed = sealer.seal(context, content, metadata);

describe("what a caller hands in to be sealed", () => {
  for (const field of ["created", "expires", "sequence"] as const) {
    it(`is refused when its ${field} is no whole number from 0 to 2^53 - 1`, () => {
      for (const value of [-1, 1.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, "1"]) {
        const wrong = { ...metadata, [field]: value } as SealedMetadata;
        expect(() => sealer.seal(context, content, wrong), String(value)).toThrow(TypeError);
        expect(() => sealer.sealStream("builds", inPieces(content, 10), wrong), String(value)).toThrow(TypeError);
      }
    });
  }

  it("comes in pieces of bytes: text is refused, which a hash would take", async () => {
    const pieces = (async function* () {
      yield content;
      yield "text" as unknown as Uint8Array;
    })();
    const stream = sealer.sealStream("builds", pieces, metadata);
    await expect(joined(stream.body)).rejects.toThrow(/content comes in pieces of Uint8Array/);
  });

  it("has no digest, name or head before all of it was read", async () => {
    const stream = sealer.sealStream("builds", inPieces(content, 10), metadata);
    expect(() => stream.finish()).toThrow(/read to its end before finish/);
    await joined(stream.body);
    expect(stream.finish().digest).toEqual(blob(content).key);
  });
});

describe("what a caller asks of an envelope", () => {
  it("is refused when a border is no whole number of bytes, before anything is read", async () => {
    let reads = 0;
    const read: ReadRange = (...args) => {
      reads += 1;
      return reader(sealed)(...args);
    };
    for (const border of [0.5, Number.NaN, "1" as unknown as number]) {
      for (const range of [
        { start: border, end: 10 },
        { start: 0, end: border },
      ])
        await expect(sealer.openRange(context, read, sealed.length, range)).rejects.toThrow(TypeError);
    }
    expect(reads).toBe(0);
    const all = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY };
    expect((await sealer.openRange(context, read, sealed.length, all))?.verdict).toBe("opened");
  });

  it("is answered by nothing where the prefix claims a suite that there is not", () => {
    expect(sealer.inspect(sealed)?.state).toBe("readable");
    for (const suite of [0, 3, 255]) {
      const other = sealed.slice();
      other[9] = suite;
      expect(sealer.inspect(other), `suite ${suite}`).toBeUndefined();
    }
  });
});

describe("a medium that goes away", () => {
  it("between the two reads of a long head is refused as damage", async () => {
    const long = forge(context, content, { user: pattern(500), userLength: 500 });
    let reads = 0;
    const read: ReadRange = async (start, end) => (reads++ === 0 ? reader(long)(start, end) : undefined);
    await expect(sealer.openStream(context, read, long.length)).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
    expect(reads).toBe(2);
  });
});

describe("a message that ends before its commitment does", () => {
  it("is refused without a key being derived for it", async () => {
    let derived = 0;
    const hmac: typeof native.crypto.hmac = (...args) => {
      derived += 1;
      return native.crypto.hmac(...args);
    };
    const primitives = { crypto: { ...native.crypto, hmac }, aead: native.aead.suite(1) };
    for (const length of [0, 24, 55]) {
      const message = openMessageStream(primitives, pattern(32), pattern(3), inPieces(pattern(length), 10));
      await expect(joined(message)).rejects.toMatchObject({ name: CacheError.name, code: "ERR_CACHE_AUTH" });
    }
    expect(derived).toBe(0);
    const whole = openMessageStream(primitives, pattern(32), pattern(3), inPieces(pattern(72), 10));
    await expect(joined(whole)).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
    expect(derived).toBeGreaterThan(0);
  });
});
