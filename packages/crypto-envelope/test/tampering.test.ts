import { concat } from "@cache/core/bytes";
import { describe, expect, it } from "vitest";
import {
  blob,
  codeOf,
  entry,
  flipped,
  metadata,
  opened,
  outcome,
  pattern,
  reader,
  same,
  sealer,
  streamOutcome,
} from "./support.ts";

const CHUNK = 16_384;
const SEALED = 16_400;
/** Offsets in an envelope without user metadata: the body message, and its first chunk. */
const BODY = 32 + 170;
const CHUNKS = BODY + 56;

const content = pattern(2 * CHUNK + 100);
const context = entry("src/main.ts");
const sealed = sealer.seal(context, content, metadata);
const head = sealed.slice(0, CHUNKS);
const chunks = [0, 1, 2].map((i) => sealed.slice(CHUNKS + i * SEALED, CHUNKS + (i + 1) * SEALED));
const [first, second, last] = chunks as [Uint8Array, Uint8Array, Uint8Array];

const TAMPERED = /^ERR_CACHE_(AUTH|FORMAT|UNKNOWN_KEY|UNSUPPORTED_VERSION|UNSUPPORTED_SUITE)$/;

async function expectRefused(bytes: Uint8Array, words: string): Promise<void> {
  expect(outcome(context, bytes), words).toMatch(TAMPERED);
  expect(await streamOutcome(context, bytes), words).toMatch(TAMPERED);
}

describe("an envelope of three chunks", () => {
  it("opens while nothing was done to it", async () => {
    expect(outcome(context, sealed)).toBe("opened");
    expect(await streamOutcome(context, sealed)).toBe("opened");
  });

  it("M1: one bit flipped at every byte position never opens, and all that is ours is refused with one code", () => {
    const copy = sealed.slice();
    for (let at = 0; at < copy.length; at++) {
      const byte = copy[at] as number;
      copy[at] = byte ^ (1 << (at % 8));
      const code = outcome(context, copy);
      copy[at] = byte;
      // Prefix: its own errors, and the foreign verdict where another key is named.
      const expected = at < 32 ? TAMPERED : /^ERR_CACHE_AUTH$/;
      if (!expected.test(code)) throw new Error(`byte ${at}: ${code}`);
    }
    expect(outcome(context, copy)).toBe("opened");
  }, 120_000);

  it("M1: every single bit of the first 258 bytes, up to the chunks, holds for streams too", async () => {
    for (let bit = 0; bit < CHUNKS * 8; bit++) {
      const code = await streamOutcome(context, flipped(sealed, bit >> 3, bit & 7));
      if (!TAMPERED.test(code)) throw new Error(`bit ${bit}: ${code}`);
    }
  }, 120_000);

  it("M2: cut below 400 bytes, at every border of a chunk, and by one byte, it never opens", async () => {
    const borders = [0, 1, 2].flatMap((i) => [-1, 0, 1].map((by) => CHUNKS + i * SEALED + by));
    const lengths = [...Array(400).keys(), ...borders, sealed.length - 17, sealed.length - 16, sealed.length - 1];
    for (const length of lengths) await expectRefused(sealed.slice(0, length), `cut to ${length}`);
  });

  it("M2: a cut file whose length is told as if it were whole never comes to a clean end", async () => {
    for (const length of [0, 31, 32, 201, 257, 258, CHUNKS + SEALED, CHUNKS + 2 * SEALED, sealed.length - 1]) {
      const opening = sealer.openStream(context, reader(sealed.slice(0, length)), sealed.length);
      const ended = await opening
        .then(async (answer) => {
          for await (const _ of opened(answer).content);
        })
        .then(() => "cleanly", codeOf);
      expect(ended, `cut to ${length}`).toBe("ERR_CACHE_AUTH");
    }
  });

  it("M3: with a byte, sixteen, a valid chunk, or a whole envelope appended it never opens", async () => {
    for (const extra of [Uint8Array.of(0), new Uint8Array(16), second, last, sealed]) {
      await expectRefused(concat(sealed, extra), `${extra.length} more bytes`);
    }
  });

  it("M3: bytes that a medium hands out beyond what was asked for are refused", async () => {
    const generous = async (start: number, end: number) => reader(concat(sealed, last))(start, end + 1);
    await expect(sealer.openStream(context, generous, sealed.length)).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
  });

  it("M4: chunks swapped, doubled, dropped, or taken from another envelope of the same content never open", async () => {
    const other = sealer.seal(context, content, metadata).slice(CHUNKS, CHUNKS + SEALED);
    const orders: Record<string, Uint8Array[]> = {
      swapped: [second, first, last],
      "last first": [last, first, second],
      doubled: [first, first, second, last],
      "doubled in place": [first, first, last],
      dropped: [second, last],
      "last dropped": [first, second],
      "last alone": [last],
      foreign: [other, second, last],
    };
    expect(outcome(context, concat(head, first, second, last))).toBe("opened");
    for (const [words, order] of Object.entries(orders)) await expectRefused(concat(head, ...order), words);
  });

  it("M7: the body of one envelope under the head of another, of the same size and key, never opens", async () => {
    for (const other of [sealer.seal(entry("b"), content, metadata), sealer.seal(context, content, metadata)]) {
      await expectRefused(concat(sealed.slice(0, BODY), other.slice(BODY)), "another body");
      await expectRefused(concat(sealed.slice(0, CHUNKS), other.slice(CHUNKS)), "other chunks");
    }
  });
});

describe("a stream that runs into damage", () => {
  const damaged = flipped(sealed, sealed.length - 1);

  it("M17: yields exactly the chunks before it, then fails, and keeps failing", async () => {
    const { content: stream } = opened(await sealer.openStream(context, reader(damaged), damaged.length));
    const pieces = stream[Symbol.asyncIterator]();
    const got: Uint8Array[] = [];
    const drain = async () => {
      for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) got.push(next.value);
    };
    await expect(drain()).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
    expect(same(concat(...got), content.subarray(0, 2 * CHUNK))).toBe(true);
    for (let i = 0; i < 3; i++) await expect(pieces.next()).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
  });

  it("M17: fails for everybody who asks at the same time", async () => {
    const early = flipped(sealed, CHUNKS);
    const { content: stream } = opened(await sealer.openStream(context, reader(early), early.length));
    const pieces = stream[Symbol.asyncIterator]();
    const asked = await Promise.allSettled([pieces.next(), pieces.next(), pieces.next()]);
    expect(asked.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  });

  it("M17: has handed out no byte of a chunk whose tag does not hold, wherever the damage is", async () => {
    for (let chunk = 0; chunk < 3; chunk++) {
      for (const at of [0, 7_000, 99]) {
        const bytes = flipped(sealed, CHUNKS + chunk * SEALED + (chunk === 2 ? at % 116 : at));
        const { content: stream } = opened(await sealer.openStream(context, reader(bytes, 1_000), bytes.length));
        let length = 0;
        const drain = async () => {
          for await (const piece of stream) {
            expect(same(piece, content.subarray(length, length + piece.length))).toBe(true);
            length += piece.length;
          }
        };
        await expect(drain()).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
        expect(length).toBe(chunk * CHUNK);
      }
    }
  });

  it("M17: a range that touches the damage fails, and one that does not holds", async () => {
    const bytes = flipped(sealed, CHUNKS + SEALED + 5);
    const part = async (start: number, end: number) => {
      const answer = opened(await sealer.openRange(context, reader(bytes), bytes.length, { start, end }));
      for await (const _ of answer.content);
    };
    await part(0, CHUNK);
    await part(2 * CHUNK, content.length);
    await expect(part(0, CHUNK + 1)).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
    await expect(part(2 * CHUNK - 1, content.length)).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
  });

  it("M6: two valid files exchanged on the disk, both fail", async () => {
    const [one, two] = [pattern(500), pattern(501)];
    const [sealedOne, sealedTwo] = [one, two].map((data) => sealer.seal(blob(data), data, metadata)) as [
      Uint8Array,
      Uint8Array,
    ];
    expect([outcome(blob(one), sealedTwo), outcome(blob(two), sealedOne)]).toEqual([
      "ERR_CACHE_AUTH",
      "ERR_CACHE_AUTH",
    ]);
    expect(await streamOutcome(blob(one), sealedTwo)).toBe("ERR_CACHE_AUTH");
    const [a, b] = ["a", "b"].map((key) => sealer.seal(entry(key), one, metadata)) as [Uint8Array, Uint8Array];
    expect([outcome(entry("a"), b), outcome(entry("b"), a)]).toEqual(["ERR_CACHE_AUTH", "ERR_CACHE_AUTH"]);
  });
});
