import type { ReadRange } from "@cache/core";
import { concat } from "@cache/core/bytes";
import { describe, expect, it } from "vitest";
import { sealerWith } from "../src/sealer.ts";
import { type Fields, forge } from "./forge.ts";
import {
  blob,
  entry,
  joined,
  keyring,
  metadata,
  native,
  opened,
  outcome,
  pattern,
  reader,
  sealer,
  spied,
  streamOutcome,
} from "./support.ts";

const content = pattern(40_000);
const context = entry("key");
const sealed = sealer.seal(context, content, metadata);

/** The envelope with some of its prefix replaced. */
function altered(at: number, ...values: number[]): Uint8Array {
  const out = sealed.slice();
  out.set(values, at);
  return out;
}

const lengthField = (length: number): Uint8Array => {
  const out = sealed.slice();
  new DataView(out.buffer).setUint32(12, length);
  return out;
};

const PREFIXES: readonly (readonly [words: string, bytes: Uint8Array, code: string])[] = [
  ["suite 2 where 1 was written", altered(9, 2), "ERR_CACHE_AUTH"],
  ["suite 0", altered(9, 0), "ERR_CACHE_UNSUPPORTED_SUITE"],
  ["suite 3", altered(9, 3), "ERR_CACHE_UNSUPPORTED_SUITE"],
  ["version 0", altered(8, 0), "ERR_CACHE_UNSUPPORTED_VERSION"],
  ["version 2", altered(8, 2), "ERR_CACHE_UNSUPPORTED_VERSION"],
  ["the first reserved bit", altered(10, 0x80), "ERR_CACHE_FORMAT"],
  ["the last reserved bit", altered(11, 1), "ERR_CACHE_FORMAT"],
  ["another first byte", altered(0, 0x88), "ERR_CACHE_FORMAT"],
  ["another last byte of the magic", altered(7, 0x0a), "ERR_CACHE_FORMAT"],
  ...[0, 1, 169, 15_531, 65_536, 2 ** 31, 2 ** 32 - 1].map(
    (length) => [`a metadata message of ${length} bytes`, lengthField(length), "ERR_CACHE_FORMAT"] as const,
  ),
  ...[171, 15_530].map(
    (length) => [`a metadata message said to be ${length} bytes long`, lengthField(length), "ERR_CACHE_AUTH"] as const,
  ),
  ["a metadata message longer than the file", lengthField(15_530).slice(0, 300), "ERR_CACHE_FORMAT"],
  ["nothing", new Uint8Array(0), "ERR_CACHE_FORMAT"],
  ["a prefix alone", sealed.slice(0, 32), "ERR_CACHE_FORMAT"],
];

/** Bytes of buffers that a call takes; the least of several, for the test runner takes some too. */
function taken(call: () => unknown): number {
  const once = (): number => {
    const before = process.memoryUsage().arrayBuffers;
    call();
    return process.memoryUsage().arrayBuffers - before;
  };
  return Math.min(...Array.from({ length: 5 }, once));
}

describe("a prefix that no writer would have written", () => {
  for (const [words, bytes, code] of PREFIXES) {
    it(`M12: ${words}: a clean error, and little memory`, async () => {
      expect(outcome(context, bytes)).toBe(code);
      expect(await streamOutcome(context, bytes)).toBe(code);
      expect(taken(() => outcome(context, bytes))).toBeLessThan(65_536);
    });
  }

  it("M12: what a reader is asked for before anything was verified is never longer than a head can be", async () => {
    for (const length of [170, 15_530, 2 ** 32 - 1]) {
      const asked: number[] = [];
      const read: ReadRange = async (start, end) => {
        asked.push(end - start);
        return reader(lengthField(length))(start, end);
      };
      await sealer.openStream(entry("another"), read, sealed.length).catch(() => undefined);
      expect(Math.max(...asked)).toBeLessThanOrEqual(15_530 + 32 + 56);
    }
  });
});

const MAX_SIZE = 2n ** 52n - 1n;
const MAX_NUMBER = 2n ** 53n - 1n;

const EXTREMES: readonly (readonly [words: string, fields: Partial<Fields>, code: string])[] = [
  ...[0n, 39_999n, 40_001n, 2n ** 32n - 1n, MAX_SIZE].map(
    (size) => [`a size of ${size}`, { size }, "ERR_CACHE_AUTH"] as const,
  ),
  ...[MAX_SIZE + 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n].map(
    (size) => [`a size of ${size}`, { size }, "ERR_CACHE_FORMAT"] as const,
  ),
  ...[1, 97, 15_360, 15_361, 65_535].map(
    (userLength) =>
      [`${userLength} bytes of user metadata said, none there`, { userLength }, "ERR_CACHE_FORMAT"] as const,
  ),
  ["a byte of user metadata there, none said", { user: pattern(1) }, "ERR_CACHE_FORMAT"],
  ["15361 bytes of user metadata", { user: pattern(15_361), userLength: 15_361 }, "ERR_CACHE_FORMAT"],
  ...(["created", "expires", "sequence"] as const).flatMap((field) =>
    [MAX_NUMBER + 1n, 2n ** 53n + 1n, 2n ** 64n - 1n].map(
      (value) => [`${field} of ${value}`, { [field]: value }, "ERR_CACHE_FORMAT"] as const,
    ),
  ),
];

describe("metadata with extreme values, every tag of which holds", () => {
  for (const [words, fields, code] of EXTREMES) {
    it(`M13: ${words}: a clean error, and little memory`, async () => {
      const forged = forge(context, content, fields);
      expect(outcome(context, forged)).toBe(code);
      expect(await streamOutcome(context, forged)).toBe(code);
      expect(taken(() => outcome(context, forged))).toBeLessThan(65_536);
    });
  }

  it("M13: times and sequence of 0 and of 2^53 - 1 are read as they are", () => {
    for (const value of [0n, MAX_NUMBER]) {
      const forged = forge(context, content, { created: value, expires: value, sequence: value });
      const number = Number(value);
      expect(opened(sealer.open(context, forged)).metadata).toEqual({
        created: number,
        expires: number,
        sequence: number,
      });
    }
  });

  it("user metadata up to 15360 bytes is passed over, whole, by stream and by range", async () => {
    for (const length of [1, 2_000, 15_360]) {
      const forged = forge(context, content, { user: pattern(length), userLength: length });
      expect(forged.length).toBe(sealer.seal(context, content, metadata).length + length);
      expect(opened(sealer.open(context, forged)).content).toEqual(content);
      const stream = opened(await sealer.openStream(context, reader(forged), forged.length));
      expect(await joined(stream.content)).toEqual(content);
      const range = { start: 20_000, end: 33_000 };
      const part = opened(await sealer.openRange(context, reader(forged), forged.length, range));
      expect(await joined(part.content)).toEqual(content.slice(20_000, 33_000));
    }
  });
});

describe("content above the limit", () => {
  it("M28: is refused before any of it is opened or memory is taken for it; as a stream it opens", async () => {
    const { aead, opens } = spied(native.aead.suite(1));
    const providers = { crypto: native.crypto, aead: { ...native.aead, suite: () => aead } };
    const small = sealerWith(providers, keyring, { maxBufferedBytes: content.length - 1 });
    expect(outcome(context, sealed, small)).toBe("ERR_CACHE_LIMIT");
    expect(opens()).toBe(1);
    expect(taken(() => outcome(context, sealed, small))).toBeLessThan(16_384);
    expect(await streamOutcome(context, sealed, small)).toBe("opened");
  });

  it("a limit that is just met holds, and 64 MiB is the limit unless another is given", () => {
    const exact = sealerWith(native, keyring, { maxBufferedBytes: content.length });
    expect(outcome(context, sealed, exact)).toBe("opened");
    const large = new Uint8Array(67_108_865);
    const [below, above] = [large.subarray(1), large].map((data) =>
      outcome(blob(data), sealer.seal(blob(data), data, metadata)),
    );
    expect([below, above]).toEqual(["opened", "ERR_CACHE_LIMIT"]);
  });
});

describe("options", () => {
  it("a suite that there is not, that is written but not read, or a limit that is no number is wrong use", () => {
    const make = (options: object) => () => sealerWith(native, keyring, options);
    for (const suite of [0, 3, "1", null]) expect(make({ suite })).toThrow(TypeError);
    for (const accept of [[], [2], [1, 3]]) expect(make({ suite: 1, accept })).toThrow(TypeError);
    for (const maxBufferedBytes of [-1, Number.NaN, "64MB"]) expect(make({ maxBufferedBytes })).toThrow(TypeError);
  });

  it("a suite that is not accepted is not read, though the key is known", async () => {
    const strict = sealerWith(native, keyring, { suite: 2, accept: [2] });
    expect(outcome(context, sealed, strict)).toBe("ERR_CACHE_UNSUPPORTED_SUITE");
    expect(await streamOutcome(context, sealed, strict)).toBe("ERR_CACHE_UNSUPPORTED_SUITE");
    expect(outcome(context, strict.seal(context, content, metadata), strict)).toBe("opened");
    expect(outcome(context, concat(strict.seal(context, content, metadata)))).toBe("opened");
  });
});
