import { concat } from "@cache/core/bytes";
import type { Case } from "../case.ts";
import { expectBytes, expectSame } from "../expect.ts";
import { pieces, SharingBytes, sample } from "../samples.ts";
import { storeCase } from "./bench.ts";
import { draftOf, draftOfBytes } from "./drafts.ts";
import type { StoreFixture } from "./fixture.ts";
import { expectAbsent, readOpen } from "./reading.ts";

const HEADS: readonly (readonly [string, number])[] = [
  ["a head of 1 byte", 1],
  ["a head of 274 bytes", 274],
  ["a head of 70 KiB", 71_680],
];

/** Writing streams whose name and head come last. */
export const putStreamCases: readonly Case<StoreFixture>[] = [
  storeCase("putStream: says that it has written", async ({ store, name }) => {
    const at = name();
    const first = await store.putStream(draftOfBytes(at, sample(10)));
    const second = await store.putStream(draftOfBytes(at, sample(10)), { ifAbsent: false });
    expectSame(first.written, true, "written of a first putStream");
    expectSame(second.written, true, "written of a second putStream");
  }),

  ...HEADS.map(([words, length]) =>
    storeCase(`putStream: ${words} comes in front of the body`, async ({ store, name }) => {
      const [at, head, body] = [name(), sample(length, 7), sample(200_000, 8)];
      await store.putStream(draftOfBytes(at, body, 65_536, head));
      expectBytes(await store.get(at), concat(head, body), "get after putStream");
      expectBytes(await readOpen(store, at), concat(head, body), "open after putStream");
    }),
  ),

  storeCase("putStream: a head with an empty body is the value", async ({ store, name }) => {
    const at = name();
    await store.putStream(draftOfBytes(at, new Uint8Array(0), 1, sample(40)));
    expectBytes(await store.get(at), sample(40), "get after a head without a body");
  }),

  storeCase("putStream: thousands of tiny pieces, and empty ones between them", async ({ store, name }) => {
    const [at, bytes] = [name(), sample(3000)];
    async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
      for await (const piece of pieces(bytes, 1)) {
        yield piece;
        if (((piece[0] ?? 0) & 7) === 0) yield new Uint8Array(0);
      }
    }
    await store.putStream(draftOf({ name: at, body: body() }));
    expectBytes(await store.get(at), bytes, "get after pieces of one byte");
  }),

  storeCase("putStream: one piece of several MiB", async ({ store, name }) => {
    const [at, bytes] = [name(), sample(3 * 1024 * 1024 + 1)];
    await store.putStream(draftOfBytes(at, bytes, bytes.length));
    expectBytes(await store.get(at), bytes, "get after one large piece");
  }),

  storeCase(
    "putStream: reads the body once and asks for name and head once, after its end",
    async ({ store, name }) => {
      const draft = draftOfBytes(name(), sample(200_000), 10_000, sample(32));
      await store.putStream(draft);
      expectSame(draft.begun, 1, "iterations of the body begun");
      expectSame(draft.finished, 1, "calls of finish");
      expectSame(draft.early, 0, "calls of finish before the body ended");
    },
  ),

  storeCase("putStream: replaces what was there", async ({ store, name }) => {
    const at = name("entries");
    await store.put(at, sample(100_000, 1));
    await store.putStream(draftOfBytes(at, sample(70_000, 2)));
    expectBytes(await store.get(at), sample(70_000, 2), "get after putStream over put");
    await store.put(at, sample(10, 3));
    expectBytes(await store.get(at), sample(10, 3), "get after put over putStream");
  }),

  storeCase("putStream: a body may use one buffer for all its pieces", async ({ store, name }) => {
    const [at, bytes] = [name(), sample(200_000)];
    await store.putStream(draftOf({ name: at, body: reusing(bytes, new Uint8Array(7001)) }));
    expectBytes(await store.get(at), bytes, "get after a body that reused its buffer");
  }),

  storeCase("putStream: pieces that only claim to copy, as a Node Buffer does, are copied", async ({ store, name }) => {
    const [at, bytes] = [name(), sample(20_000)];
    await store.putStream(draftOf({ name: at, body: reusing(bytes, new SharingBytes(new Uint8Array(5000))) }));
    expectBytes(await store.get(at), bytes, "get after a body that reused its buffer");
  }),

  storeCase("putStream: takes a copy of the head", async ({ store, name }) => {
    const [at, head] = [name(), sample(100)];
    await store.putStream(draftOfBytes(at, sample(10, 2), 10, head));
    head.fill(0);
    expectBytes(await store.get(at), concat(sample(100), sample(10, 2)), "get after the head's buffer was overwritten");
  }),

  storeCase("putStream: nothing is seen of it, and nothing waits for it, before its body ended", async (bench) => {
    const { store, name } = bench;
    const [at, aside, reader] = [name(), name(), await bench.reopen()];
    async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
      yield sample(100_000, 1);
      await expectAbsent(store, at, "while the body is being read");
      await expectAbsent(reader, at, "through another handle while the body is being read");
      await store.put(aside, sample(5));
      expectBytes(await reader.get(aside), sample(5), "get of another name put meanwhile");
      yield sample(100_000, 2);
    }
    await store.putStream(draftOf({ name: at, body: body() }));
    expectBytes(await reader.get(at), concat(sample(100_000, 1), sample(100_000, 2)), "get after it resolved");
  }),

  storeCase("putStream: a hundred at once all arrive", async ({ store, name }) => {
    const names = Array.from({ length: 100 }, () => name());
    await Promise.all(names.map((at, seed) => store.putStream(draftOfBytes(at, sample(seed * 31, seed), 500))));
    const read = await Promise.all(names.map((at) => store.get(at)));
    read.forEach(
      (bytes, seed) => void expectBytes(bytes, sample(seed * 31, seed), `get of stream ${seed} of a hundred`),
    );
  }),
];

async function* reusing(bytes: Uint8Array, buffer: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += buffer.length) {
    const part = bytes.subarray(at, at + buffer.length);
    buffer.set(part);
    yield part.length === buffer.length ? buffer : buffer.subarray(0, part.length);
  }
  buffer.fill(0);
}
