import { concat } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import type { Case } from "../case.ts";
import { expectBytes, expectSame, expectThat, sameBytes } from "../expect.ts";
import { pieces, sample } from "../samples.ts";
import { blob, entry, expectOpened, expectOpens, expectStreams, METADATA, sealByStream, sealerCase } from "./bench.ts";
import type { SealerFixture } from "./fixture.ts";

/** Chunks of 16 KiB begin and end here (format, "Chunked message"), as do batches of sixteen of them. */
const LENGTHS: readonly number[] = [
  0, 1, 100, 16_383, 16_384, 16_385, 32_767, 32_768, 100_000, 262_143, 262_144, 262_145,
];

/** What was sealed opens, by every way. */
export const roundTripCases: readonly Case<SealerFixture>[] = [
  ...LENGTHS.map((length) =>
    sealerCase(`seal: ${length} bytes open again, whole and by stream`, async (sealer) => {
      const content = sample(length);
      for (const context of [blob(content), entry("src/main.ts")]) {
        const sealed = sealer.seal(context, content, METADATA);
        expectOpens(sealer, context, sealed, content);
        await expectStreams(sealer, context, sealed, content);
      }
    }),
  ),

  ...LENGTHS.map((length) =>
    sealerCase(`sealStream: ${length} bytes open again, whole and by stream`, async (sealer) => {
      const content = sample(length);
      const { sealed } = await sealByStream(sealer, content);
      expectOpens(sealer, blob(content), sealed, content);
      await expectStreams(sealer, blob(content), sealed, content);
    }),
  ),

  sealerCase("sealStream: tells digest, size, and the name that the content is stored under", async (sealer) => {
    for (const length of [0, 100, 40_000]) {
      const content = sample(length);
      const { digest, size, name } = await sealByStream(sealer, content, 777);
      expectBytes(digest, crypto.sha256(content), "digest of finish");
      expectSame(size, length, "size of finish");
      expectBytes(name, sealer.names(blob(content))[0] as Uint8Array, "name of finish, against the first of names");
    }
  }),

  sealerCase("sealStream: pieces of one byte, and empty ones, are the same content", async (sealer) => {
    const content = sample(17_000);
    async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
      yield new Uint8Array(0);
      yield* pieces(content.subarray(0, 500), 1);
      yield new Uint8Array(0);
      yield content.slice(500);
    }
    const stream = sealer.sealStream("builds", body(), METADATA);
    const sealed: Uint8Array[] = [];
    for await (const piece of stream.body) sealed.push(piece);
    expectOpens(sealer, blob(content), concat(stream.finish().head, ...sealed), content);
  }),

  sealerCase("sealStream: the content may use one buffer for all its pieces", async (sealer) => {
    const [content, buffer] = [sample(40_000), new Uint8Array(5_000)];
    async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
      for (let at = 0; at < content.length; at += buffer.length) {
        buffer.set(content.subarray(at, at + buffer.length));
        yield buffer;
      }
      buffer.fill(0);
    }
    const stream = sealer.sealStream("builds", body(), METADATA);
    const sealed: Uint8Array[] = [];
    for await (const piece of stream.body) sealed.push(piece);
    expectOpens(sealer, blob(content), concat(stream.finish().head, ...sealed), content);
  }),

  sealerCase("sealStream: the error of the content comes back", async (sealer) => {
    const reason = new Error("the content failed, as the case wanted");
    async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
      yield sample(20_000);
      throw reason;
    }
    let error: unknown;
    try {
      for await (const _ of sealer.sealStream("builds", body(), METADATA).body);
    } catch (caught) {
      error = caught;
    }
    expectSame(error, reason, "what the body throws is the very error of the content");
  }),

  sealerCase("openStream: sealed bytes may come in pieces of any size", async (sealer) => {
    for (const [length, size] of [
      [500, 1],
      [17_000, 13],
      [17_000, 16_400],
      [17_000, 1_000_000],
    ] as const) {
      const content = sample(length);
      const sealed = sealer.seal(blob(content), content, METADATA);
      await expectStreams(sealer, blob(content), sealed, content, size);
    }
  }),

  sealerCase("openStream: asks for the sealed bytes in rising order, each once", async (sealer) => {
    const content = sample(40_000);
    const sealed = sealer.seal(blob(content), content, METADATA);
    let next = 0;
    const read = async (start: number, end: number) => {
      expectThat(
        start >= next && end >= start,
        `openStream asks for ${start} to ${end} after it had asked up to ${next}`,
      );
      next = end;
      return pieces(sealed.subarray(start, end), 7_000);
    };
    for await (const _ of expectOpened(await sealer.openStream(blob(content), read, sealed.length), "openStream")
      .content);
  }),

  sealerCase("seal: keeps the largest times and numbers as they are", (sealer) => {
    const content = sample(10);
    for (const number of [0, 1, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      const metadata = { created: number, expires: number, sequence: number };
      expectOpens(sealer, entry("key"), sealer.seal(entry("key"), content, metadata), content, metadata);
    }
  }),

  sealerCase("seal: the longest namespace and key, and text beyond ASCII", (sealer) => {
    const content = sample(10);
    const names: readonly (readonly [string, string])[] = [
      ["n".repeat(255), "k".repeat(4096)],
      ["", "k"],
      ["Grüße", "naïve/ключ/鍵/🔑"],
    ];
    for (const [namespace, key] of names) {
      const context = entry(key, namespace);
      expectOpens(sealer, context, sealer.seal(context, content, METADATA), content);
    }
  }),

  sealerCase("seal and open: leave the bytes they were given as they were", (sealer) => {
    const content = sample(20_000);
    const sealed = sealer.seal(entry("key"), content, METADATA);
    expectBytes(content, sample(20_000), "the content after it was sealed");
    const before = new Uint8Array(sealed);
    const { content: opened } = expectOpened(sealer.open(entry("key"), sealed), "open");
    opened.fill(0);
    expectBytes(sealed, before, "the sealed bytes after they were opened and the content was overwritten");
    content.fill(0);
    expectOpens(sealer, entry("key"), sealed, sample(20_000));
  }),

  sealerCase("seal: twice is two different things under one name", async (sealer) => {
    const content = sample(1_000);
    const [first, second] = [
      sealer.seal(blob(content), content, METADATA),
      sealer.seal(blob(content), content, METADATA),
    ];
    expectThat(!sameBytes(first, second), "sealing twice gives different bytes");
    // The content of both is the same, so any stretch that is in both was sealed under the same key and nonce.
    const tail = (sealed: Uint8Array) => sealed.subarray(sealed.length - 1_000);
    expectThat(!sameBytes(tail(first), tail(second)), "sealing twice gives bodies that differ");
    const streams = [await sealByStream(sealer, content), await sealByStream(sealer, content)] as const;
    expectThat(!sameBytes(streams[0].body, streams[1].body), "sealing a stream twice gives bodies that differ");
    expectThat(!sameBytes(streams[0].head, streams[1].head), "sealing a stream twice gives heads that differ");
  }),

  sealerCase("seal: nothing of the content shows", (sealer) => {
    const content = new Uint8Array(1_000).fill(0x41);
    const sealed = sealer.seal(entry("key"), content, METADATA);
    let run = 0;
    for (const byte of sealed) {
      run = byte === 0x41 ? run + 1 : 0;
      expectThat(run < 8, "sealed bytes hold no stretch of the content");
    }
  }),
];
