import { concat } from "@cache/core/bytes";
import type { Case } from "../case.ts";
import { flipBit, sample } from "../samples.ts";
import { blob, entry, METADATA, sealByStream, sealerCase } from "./bench.ts";
import type { SealerFixture } from "./fixture.ts";
import { expectNoCleanEnd, expectRefused } from "./refusal.ts";

const SMALL = sample(20);
/** Three chunks of the format, the last of them short. */
const LARGE = sample(40_000);
/** Prime, so that it falls in step with no chunk. */
const STEP = 499;

/** Damaged bytes never open. */
export const tamperingCases: readonly Case<SealerFixture>[] = [
  sealerCase("open: not one flipped bit is believed", (sealer) => {
    const sealed = sealer.seal(entry("key"), SMALL, METADATA);
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      expectRefused(sealer, entry("key"), flipBit(sealed, bit), `an entry whose bit ${bit} is flipped`);
    }
  }),

  sealerCase("open: a flipped bit anywhere in several chunks is not believed", (sealer) => {
    const sealed = sealer.seal(blob(LARGE), LARGE, METADATA);
    for (let byte = 0; byte < sealed.length; byte += STEP) {
      expectRefused(sealer, blob(LARGE), flipBit(sealed, byte * 8 + (byte % 8)), `content damaged at offset ${byte}`);
    }
  }),

  sealerCase("open: no part of it opens", (sealer) => {
    const sealed = sealer.seal(entry("key"), SMALL, METADATA);
    for (let length = 0; length < sealed.length; length++) {
      expectRefused(sealer, entry("key"), sealed.slice(0, length), `an entry cut to ${length} bytes`);
    }
    const large = sealer.seal(blob(LARGE), LARGE, METADATA);
    for (const length of cuts(large.length)) {
      expectRefused(sealer, blob(LARGE), large.slice(0, length), `content cut to ${length} bytes`);
    }
  }),

  sealerCase("open: nothing may be added", (sealer) => {
    const sealed = sealer.seal(entry("key"), SMALL, METADATA);
    for (const added of additions(sealed)) {
      expectRefused(sealer, entry("key"), concat(sealed, added), `an entry with ${added.length} bytes added`);
      expectRefused(sealer, entry("key"), concat(added, sealed), `an entry behind ${added.length} other bytes`);
    }
  }),

  sealerCase("open: what was never sealed does not open", (sealer) => {
    for (const length of [0, 1, 16, 64, 300, 20_000]) {
      expectRefused(sealer, entry("key"), sample(length), `${length} bytes of noise`);
      expectRefused(sealer, entry("key"), new Uint8Array(length), `${length} zero bytes`);
    }
  }),

  sealerCase("open: a head does not open another's body", async (sealer) => {
    const [first, second] = [sample(20_000, 1), sample(20_000, 2)];
    const [one, two] = [await sealByStream(sealer, first), await sealByStream(sealer, second)];
    const again = await sealByStream(sealer, first);
    expectRefused(sealer, blob(first), concat(one.head, two.body), "a head with the body of other content");
    expectRefused(sealer, blob(first), concat(one.head, again.body), "a head with another body of the same content");
    await expectNoCleanEnd(
      sealer,
      blob(first),
      concat(one.head, two.body),
      first,
      "a head with the body of other content",
    );
  }),

  sealerCase("openStream: not one flipped bit comes to a clean end", async (sealer) => {
    const sealed = sealer.seal(blob(SMALL), SMALL, METADATA);
    for (let byte = 0; byte < sealed.length; byte++) {
      const damaged = flipBit(sealed, byte * 8 + (byte % 8));
      await expectNoCleanEnd(sealer, blob(SMALL), damaged, SMALL, `content damaged at offset ${byte}`);
    }
  }),

  sealerCase(
    "openStream: damage in several chunks never comes to a clean end, nor shows a false byte",
    async (sealer) => {
      const sealed = sealer.seal(blob(LARGE), LARGE, METADATA);
      for (let byte = 0; byte < sealed.length; byte += STEP) {
        const damaged = flipBit(sealed, byte * 8 + (byte % 8));
        await expectNoCleanEnd(sealer, blob(LARGE), damaged, LARGE, `content damaged at offset ${byte}`);
      }
    },
  ),

  sealerCase("openStream: no part of it comes to a clean end", async (sealer) => {
    const sealed = sealer.seal(blob(LARGE), LARGE, METADATA);
    for (const length of cuts(sealed.length)) {
      const [cut, what] = [sealed.slice(0, length), `content cut to ${length} bytes`];
      await expectNoCleanEnd(sealer, blob(LARGE), cut, LARGE, what);
      await expectNoCleanEnd(sealer, blob(LARGE), cut, LARGE, `${what} and said to be whole`, sealed.length);
    }
  }),

  sealerCase("openStream: nothing may be added", async (sealer) => {
    for (const content of [SMALL, sample(16_384)]) {
      const sealed = sealer.seal(blob(content), content, METADATA);
      for (const added of additions(sealed)) {
        const what = `content with ${added.length} bytes added`;
        await expectNoCleanEnd(sealer, blob(content), concat(sealed, added), content, what);
      }
    }
  }),
];

/** Lengths to cut to: a few everywhere, and all of the last ones. */
function cuts(length: number): number[] {
  const out: number[] = [];
  for (let at = 0; at < length; at += at < length - 40 ? STEP : 1) out.push(Math.min(at, length - 1));
  // Where chunks of 16 KiB with 16 bytes of tag end, counted from the end: the last is the short one.
  for (let left = length % 16_400; left < length; left += 16_400) out.push(length - left);
  return out;
}

function additions(sealed: Uint8Array): Uint8Array[] {
  return [Uint8Array.of(0), new Uint8Array(16), sample(72), sealed];
}
