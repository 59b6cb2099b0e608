import type { SealContext, Sealer } from "@cache/core";
import { isCacheError } from "@cache/core/adapter";
import { concat } from "@cache/core/bytes";
import { expectThat, fail, sameBytes, show } from "../expect.ts";
import { readerOf, type StreamOpening } from "./bench.ts";

/** Fails unless the bytes are refused: foreign, or mine and broken, which is a thrown `CacheError`. */
export function expectRefused(sealer: Sealer, context: SealContext, sealed: Uint8Array, what: string): void {
  let verdict: string;
  try {
    verdict = sealer.open(context, sealed).verdict;
  } catch (error) {
    expectCoded(error, what);
    return;
  }
  if (verdict !== "foreign") fail(`open of ${what}: ${verdict}, expected an error or a foreign verdict`);
}

/**
 * Fails if a stream of the bytes comes to a clean end, or hands out a byte that is not the content's.
 * @param length - what the sealer is told of the length; the bytes' own when left out
 */
export async function expectNoCleanEnd(
  sealer: Sealer,
  context: SealContext,
  sealed: Uint8Array,
  content: Uint8Array,
  what: string,
  length: number = sealed.length,
): Promise<void> {
  const opening = sealer.openStream(context, readerOf(sealed), length);
  if (await endsCleanly(opening, content, what)) fail(`openStream of ${what}: a clean end, expected an error`);
}

/**
 * Reads an opening out: true for a clean end, false when it was refused, at once or on the way.
 * @param expected - what may be handed out, from its first byte on
 */
export async function endsCleanly(
  opening: Promise<StreamOpening>,
  expected: Uint8Array,
  what: string,
): Promise<boolean> {
  const parts: Uint8Array[] = [];
  const clean = await drain(opening, parts, what);
  const all = concat(...parts);
  const authentic = all.length <= expected.length && sameBytes(all, expected.subarray(0, all.length));
  expectThat(authentic, `a stream of ${what} hands out no byte that is not the content's`);
  return clean;
}

async function drain(opening: Promise<StreamOpening>, parts: Uint8Array[], what: string): Promise<boolean> {
  try {
    const opened = await opening;
    if (opened?.verdict !== "opened") return false;
    for await (const part of opened.content) parts.push(part);
    return true;
  } catch (error) {
    expectCoded(error, what);
    return false;
  }
}

function expectCoded(error: unknown, what: string): void {
  expectThat(isCacheError(error), `opening ${what} throws ${show(error)}, expected a CacheError`);
}
