import { toHex } from "@cache/core/bytes";
import { describe, expect, it } from "vitest";
import { sealerWith } from "../src/sealer.ts";
import {
  blob,
  entry,
  inPieces,
  keyring,
  metadata,
  native,
  outcome,
  pattern,
  sealedByStream,
  sealer,
} from "./support.ts";

const content = pattern(1_000);
const context = entry("key");

/** What is random in an envelope, or follows from it. */
const parts = (sealed: Uint8Array): string[] =>
  [
    [32, 56], // salt of the metadata
    [56, 88], // its commitment
    [88, 120], // the body key, encrypted
    [202, 226], // salt of the body
    [226, 258], // its commitment
    [258, sealed.length], // the body
  ].map(([start, end]) => toHex(sealed.subarray(start, end)));

describe("what is fresh in every envelope", () => {
  it("M8: the same content sealed twice shares its clear prefix and its name, and nothing else", async () => {
    const [one, two] = [sealer.seal(context, content, metadata), sealer.seal(context, content, metadata)];
    expect(toHex(one.subarray(0, 32))).toBe(toHex(two.subarray(0, 32)));
    expect(new Set([...parts(one), ...parts(two)]).size).toBe(12);
    expect(sealer.names(context)).toEqual(sealer.names(context));
    const streams = await Promise.all([1, 2].map(() => sealedByStream(inPieces(content, 300))));
    expect(new Set(streams.flatMap(({ sealed }) => parts(sealed))).size).toBe(12);
    expect(new Set(streams.map(({ name }) => toHex(name)))).toEqual(new Set(sealer.names(blob(content)).map(toHex)));
  });

  it("M9: no salt in 100 000 envelopes comes twice", () => {
    const seen = new Set<string>();
    const tiny = new Uint8Array(0);
    for (let i = 0; i < 100_000; i++) {
      const sealed = Buffer.from(sealer.seal(context, tiny, metadata).buffer);
      for (const at of [32, 202]) seen.add(sealed.toString("latin1", at, at + 24));
    }
    expect(seen.size).toBe(200_000);
  }, 120_000);

  it("M9: body key and both salts are asked of the random source at every seal, and used as they come", () => {
    const asked: number[] = [];
    const random = (length: number): Uint8Array => {
      asked.push(length);
      return new Uint8Array(length).fill(asked.length);
    };
    const stubbed = sealerWith({ ...native, crypto: { ...native.crypto, random } }, keyring);
    const sealed = [1, 2, 3].map(() => stubbed.seal(context, content, metadata));
    expect(asked).toEqual([80, 80, 80]);
    for (const [i, each] of sealed.entries()) {
      const filled = toHex(new Uint8Array(24).fill(i + 1));
      expect([toHex(each.subarray(32, 56)), toHex(each.subarray(202, 226))]).toEqual([filled, filled]);
      expect(outcome(context, each)).toBe("opened");
    }
    stubbed.sealStream("builds", inPieces(content, 100), metadata);
    stubbed.sealStream("builds", inPieces(content, 100), metadata);
    expect(asked).toEqual([80, 80, 80, 80, 80]);
  });

  it("M9: body key and salts are three different parts of what the source gave", () => {
    const random = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i);
    const stubbed = sealerWith({ ...native, crypto: { ...native.crypto, random } }, keyring);
    const sealed = stubbed.seal(context, content, metadata);
    const count = (from: number) => toHex(Uint8Array.from({ length: 24 }, (_, i) => from + i));
    expect([toHex(sealed.subarray(32, 56)), toHex(sealed.subarray(202, 226))]).toEqual([count(32), count(56)]);
  });

  it("M26: a changed expiry is a new metadata message under a new salt", () => {
    const salts = [0, 1, 2, 3].map((expires) => {
      const sealed = sealer.seal(context, content, { ...metadata, expires });
      return toHex(sealed.subarray(32, 56));
    });
    expect(new Set(salts).size).toBe(4);
  });
});
