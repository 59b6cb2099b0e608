import type { Case } from "../case.ts";
import { expectBytes } from "../expect.ts";
import { sample } from "../samples.ts";
import { storeCase } from "./bench.ts";
import { draftOfBytes } from "./drafts.ts";
import type { StoreFixture } from "./fixture.ts";
import { readOpen } from "./reading.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

/** Lengths at which buffers, blocks, parts and inline limits begin and end. */
const LENGTHS: readonly (readonly [string, number])[] = [
  ["nothing", 0],
  ["1 byte", 1],
  ["64 KiB less 1 byte", 64 * KIB - 1],
  ["64 KiB", 64 * KIB],
  ["64 KiB and 1 byte", 64 * KIB + 1],
  ["100 KiB", 100 * KIB],
  ["1 MiB less 1 byte", MIB - 1],
  ["1 MiB", MIB],
  ["1 MiB and 1 byte", MIB + 1],
  ["5 MiB and 3 bytes", 5 * MIB + 3],
];

/** Everything at once, as bytes and as a stream, read whole and in pieces. */
export const sizeCases: readonly Case<StoreFixture>[] = [
  storeCase("put: every byte value comes back", async ({ store, name }) => {
    // Line ends and 0x1a among them: what text mode damages.
    const bytes = Uint8Array.from({ length: 1024 }, (_, at) => (at < 512 ? at : 1023 - at) & 0xff);
    const [whole, streamed] = [name(), name("entries")];
    await store.put(whole, bytes);
    await store.putStream(draftOfBytes(streamed, bytes, 100));
    expectBytes(await store.get(whole), bytes, "get after put");
    expectBytes(await store.get(streamed), bytes, "get after putStream");
  }),

  ...LENGTHS.map(([words, length]) =>
    storeCase(`put: ${words} come back whole`, async ({ store, name }) => {
      const [at, bytes] = [name(), sample(length)];
      await store.put(at, bytes);
      expectBytes(await store.get(at), bytes, "get after put");
      expectBytes(await readOpen(store, at), bytes, "open after put");
    }),
  ),

  ...LENGTHS.map(([words, length]) =>
    storeCase(`putStream: ${words} come back whole`, async ({ store, name }) => {
      const [at, bytes] = [name(), sample(length)];
      await store.putStream(draftOfBytes(at, bytes));
      expectBytes(await store.get(at), bytes, "get after putStream");
      expectBytes(await readOpen(store, at), bytes, "open after putStream");
    }),
  ),
];
