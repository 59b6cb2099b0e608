import type { SealContext, Sealer } from "@cache/core";
import { collect } from "@cache/core/bytes";
import type { Case } from "../case.ts";
import { expectBytes, expectFailure, expectSame, fail } from "../expect.ts";
import { flipBit, sample } from "../samples.ts";
import { blob, entry, expectOpened, METADATA, readerOf, sealByStream, sealerCase } from "./bench.ts";
import type { SealerFixture } from "./fixture.ts";
import { endsCleanly } from "./refusal.ts";

const LARGE = sample(40_000);
const BORDERS: readonly number[] = [
  -5,
  0,
  1,
  16_383,
  16_384,
  16_385,
  32_767,
  32_768,
  32_769,
  39_999,
  40_000,
  2 ** 53 - 1,
];

async function expectRange(
  sealer: Sealer,
  context: SealContext,
  sealed: Uint8Array,
  content: Uint8Array,
  range: { start: number; end: number },
): Promise<void> {
  const what = `openRange from ${range.start} to ${range.end}`;
  const opened = expectOpened(await sealer.openRange(context, readerOf(sealed), sealed.length, range), what);
  expectSame(opened.size, content.length, `size of the whole content, by ${what}`);
  const [start, end] = [Math.max(0, range.start), Math.max(0, range.end)];
  expectBytes(await collect(opened.content), content.slice(start, Math.max(start, end)), what);
}

/** Reading a part, and what the reading itself may run into. */
export const rangeCases: readonly Case<SealerFixture>[] = [
  sealerCase("openRange: every range of a short content", async (sealer) => {
    const content = sample(15);
    const sealed = sealer.seal(entry("key"), content, METADATA);
    for (let start = 0; start <= 16; start++) {
      for (let end = 0; end <= 16; end++) await expectRange(sealer, entry("key"), sealed, content, { start, end });
    }
  }),

  sealerCase("openRange: ranges from and to every border of chunks, cut at the content's ends", async (sealer) => {
    const whole = sealer.seal(blob(LARGE), LARGE, METADATA);
    const { sealed } = await sealByStream(sealer, LARGE);
    for (const start of BORDERS) {
      for (const end of BORDERS) {
        await expectRange(sealer, blob(LARGE), start % 2 === 0 ? whole : sealed, LARGE, { start, end });
      }
    }
  }),

  sealerCase("openRange: any range of an empty content is empty", async (sealer) => {
    const empty = new Uint8Array(0);
    const sealed = sealer.seal(blob(empty), empty, METADATA);
    for (const end of [0, 1, 20_000]) await expectRange(sealer, blob(empty), sealed, empty, { start: 0, end });
  }),

  sealerCase("openRange: a false byte is never handed out", async (sealer) => {
    const sealed = sealer.seal(blob(LARGE), LARGE, METADATA);
    const range = { start: 100, end: 39_000 };
    for (let byte = 0; byte < sealed.length; byte += 499) {
      const damaged = flipBit(sealed, byte * 8 + (byte % 8));
      const opening = sealer.openRange(blob(LARGE), readerOf(damaged), damaged.length, range);
      const [what, expected] = [`a range of content damaged at offset ${byte}`, LARGE.subarray(100, 39_000)];
      const clean = await endsCleanly(opening, expected, what);
      // Heads are far shorter than 20 000 bytes, and the range takes in all but the ends of the body.
      if (clean && byte > 20_000 && byte < 39_000) fail(`openRange of ${what}: a clean end, expected an error`);
    }
  }),

  sealerCase("openStream and openRange: undefined when there is nothing to read", async (sealer) => {
    const absent = async () => undefined;
    expectSame(await sealer.openStream(entry("key"), absent, 1_000), undefined, "openStream of what is absent");
    const range = { start: 0, end: 10 };
    expectSame(await sealer.openRange(entry("key"), absent, 1_000, range), undefined, "openRange of what is absent");
  }),

  sealerCase("openStream and openRange: the error of the reading comes back as it is", async (sealer) => {
    const reason = new Error("the medium failed, as the case wanted");
    const sealed = sealer.seal(blob(LARGE), LARGE, METADATA);
    const range = { start: 20_000, end: 40_000 };
    for (const good of [0, 20_000]) {
      const read = failingReader(sealed, good, reason);
      const stream = async () => await drain(sealer.openStream(blob(LARGE), read, sealed.length));
      expectSame(await expectFailure(stream, "openStream"), reason, "what openStream throws when reading fails");
      const part = async () => await drain(sealer.openRange(blob(LARGE), read, sealed.length, range));
      expectSame(await expectFailure(part, "openRange"), reason, "what openRange throws when reading fails");
    }
  }),

  sealerCase("openStream: what vanishes midway never comes to a clean end", async (sealer) => {
    const sealed = sealer.seal(blob(LARGE), LARGE, METADATA);
    let reads = 0;
    const read = async (start: number, end: number) =>
      reads++ === 0 ? readerOf(sealed.subarray(0, 20_000))(start, end) : undefined;
    const clean = await endsCleanly(sealer.openStream(blob(LARGE), read, sealed.length), LARGE, "vanishing content");
    if (clean) fail("openStream of what vanished midway: a clean end, expected an error");
  }),
];

/** Reads the first `good` bytes and fails for what comes after them. */
function failingReader(sealed: Uint8Array, good: number, reason: Error): ReturnType<typeof readerOf> {
  const reader = readerOf(sealed.subarray(0, good), 1_000);
  return async (start, end) => {
    const content = await reader(start, end);
    async function* failing(): AsyncGenerator<Uint8Array, void, undefined> {
      yield* content ?? [];
      if (end > good) throw reason;
    }
    return failing();
  };
}

async function drain(opening: ReturnType<Sealer["openStream"]>): Promise<void> {
  const opened = await opening;
  if (opened?.verdict === "opened") for await (const _ of opened.content);
}
