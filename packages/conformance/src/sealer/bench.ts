import type { Opened, ReadRange, SealContext, SealedMetadata, Sealer } from "@cache/core";
import { collect, concat, utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import type { Case } from "../case.ts";
import { expectBytes, expectSame, expectThat, fail } from "../expect.ts";
import { pieces } from "../samples.ts";
import type { SealerFixture } from "./fixture.ts";

/** What openings by stream and by range resolve to. */
export type StreamOpening = Awaited<ReturnType<Sealer["openStream"]>>;

/** Metadata with no value twice, and none that a sealer could have made up. */
export const METADATA: SealedMetadata = { created: 1_700_000_000_123, expires: 1_800_000_000_456, sequence: 789 };

/** A sealer case on fresh sealers of the fixture. */
export function sealerCase(
  name: string,
  claim: (sealer: Sealer, fixture: SealerFixture) => Promise<void> | void,
): Case<SealerFixture> {
  return { name, run: async (fixture) => claim(await fixture.make(), fixture) };
}

/** An entry's context. */
export function entry(key: string, namespace = "builds"): SealContext {
  return { namespace, kind: "entries", key: utf8(key) };
}

/** The context of content: its key is its digest. */
export function blob(content: Uint8Array, namespace = "builds"): SealContext {
  return { namespace, kind: "blobs", key: crypto.sha256(content) };
}

/** Seals content as a stream, and gives the whole sealed thing. */
export async function sealByStream(
  sealer: Sealer,
  content: Uint8Array,
  pieceSize = 5_000,
): Promise<{
  sealed: Uint8Array;
  head: Uint8Array;
  body: Uint8Array;
  name: Uint8Array;
  digest: Uint8Array;
  size: number;
}> {
  const stream = sealer.sealStream("builds", pieces(content, pieceSize), METADATA);
  const body = await collect(stream.body);
  const finished = stream.finish();
  expectSame(finished.head.length, stream.headLength, "length of the head that finish returned");
  return { ...finished, body, sealed: concat(finished.head, body) };
}

/** Reads stored bytes by offset, in pieces of at most `pieceSize`. */
export function readerOf(stored: Uint8Array, pieceSize = 7_000): ReadRange {
  return async (start, end) => pieces(stored.subarray(start, Math.max(start, end)), pieceSize);
}

/** The content of what opened; anything else fails. */
export function expectOpened<T>(
  opened: Opened<T> | undefined,
  what: string,
): Extract<Opened<T>, { verdict: "opened" }> {
  if (opened === undefined) fail(`${what}: undefined, expected it to open`);
  expectSame(opened.verdict, "opened", `verdict of ${what}`);
  return opened as Extract<Opened<T>, { verdict: "opened" }>;
}

/** Fails unless the bytes open to the content and the metadata. */
export function expectOpens(
  sealer: Sealer,
  context: SealContext,
  sealed: Uint8Array,
  content: Uint8Array,
  metadata: SealedMetadata = METADATA,
): void {
  const opened = expectOpened(sealer.open(context, sealed), "open");
  expectBytes(opened.content, content, "content of open");
  expectMetadata(opened.metadata, metadata, "open");
}

/** As {@link expectOpens}, by stream. */
export async function expectStreams(
  sealer: Sealer,
  context: SealContext,
  sealed: Uint8Array,
  content: Uint8Array,
  pieceSize?: number,
): Promise<void> {
  const opened = expectOpened(
    await sealer.openStream(context, readerOf(sealed, pieceSize), sealed.length),
    "openStream",
  );
  expectSame(opened.size, content.length, "size of openStream");
  expectMetadata(opened.metadata, METADATA, "openStream");
  const parts: Uint8Array[] = [];
  for await (const part of opened.content) parts.push(part);
  expectBytes(concat(...parts), content, "content of openStream");
}

function expectMetadata(actual: SealedMetadata, expected: SealedMetadata, what: string): void {
  for (const field of ["created", "expires", "sequence"] as const) {
    expectSame(actual[field], expected[field], `${field} of ${what}`);
  }
}

/** Fails if the verdict on what is another key's is not the one of the port. */
export function expectForeign<T>(
  opened: Opened<T> | undefined,
  code: "ERR_CACHE_UNKNOWN_KEY" | "ERR_CACHE_REVOKED_KEY",
  what: string,
): void {
  expectThat(opened !== undefined, `${what} is a verdict and not undefined`);
  expectSame(opened.verdict, "foreign", `verdict of ${what}`);
  if (opened.verdict === "foreign") expectSame(opened.code, code, `code of ${what}`);
}
