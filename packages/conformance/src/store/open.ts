import type { RangeOptions } from "@cache/core";
import { concat } from "@cache/core/bytes";
import type { Case } from "../case.ts";
import { expectBytes, expectSame, expectThat } from "../expect.ts";
import { sample } from "../samples.ts";
import { storeCase } from "./bench.ts";
import type { StoreFixture } from "./fixture.ts";
import { begin, readOpen, rest } from "./reading.ts";

const LENGTH = 200_000;

/** Every way a range can lie to a value of {@link LENGTH} bytes. */
const RANGES: readonly (readonly [string, RangeOptions, number, number])[] = [
  ["with a start only", { start: 150_000 }, 150_000, LENGTH],
  ["with an end only", { end: 70_000 }, 0, 70_000],
  ["with start and end", { start: 1234, end: 131_073 }, 1234, 131_073],
  ["of one byte", { start: 65_536, end: 65_537 }, 65_536, 65_537],
  ["of nothing", { start: 500, end: 500 }, 0, 0],
  ["whose end is before its start", { start: 500, end: 100 }, 0, 0],
  ["that runs beyond the end", { start: 199_990, end: 300_000 }, 199_990, LENGTH],
  ["with an endless end", { start: 199_990, end: Number.POSITIVE_INFINITY }, 199_990, LENGTH],
  ["that begins at the end", { start: LENGTH }, 0, 0],
  ["wholly beyond the end", { start: 300_000, end: 400_000 }, 0, 0],
  ["that begins before the start", { start: -10, end: 20 }, 0, 20],
  ["that ends before the start", { start: -20, end: -10 }, 0, 0],
  ["with nothing set", { start: undefined, end: undefined }, 0, LENGTH],
];

/** Reading in pieces. */
export const openCases: readonly Case<StoreFixture>[] = [
  storeCase("open: an absent name is undefined", async ({ store, name }) => {
    expectSame(await store.open(name("blobs")), undefined, "open of a blob nobody put");
    expectSame(await store.open(name("entries")), undefined, "open of an entry nobody put");
    expectSame(await store.open(name(), { start: 10, end: 5 }), undefined, "open of an empty range of an absent name");
  }),

  ...RANGES.map(([words, range, start, end]) =>
    storeCase(`open: a range ${words}`, async ({ store, name }) => {
      const [at, bytes] = [name(), sample(LENGTH)];
      await store.put(at, bytes);
      expectBytes(await readOpen(store, at, range), bytes.subarray(start, end), "open with a range");
    }),
  ),

  storeCase("open: any range of an empty value is empty", async ({ store, name }) => {
    const [at, empty] = [name(), new Uint8Array(0)];
    await store.put(at, empty);
    expectBytes(await readOpen(store, at), empty, "open");
    expectBytes(await readOpen(store, at, { start: 0, end: 0 }), empty, "open from 0 to 0");
    expectBytes(await readOpen(store, at, { start: 5, end: 10 }), empty, "open from 5 to 10");
  }),

  storeCase("open: hands out pieces of its own", async ({ store, name }) => {
    const [at, bytes] = [name(), sample(LENGTH)];
    await store.put(at, bytes);
    for (const piece of await rest(await begin(store, at))) piece.fill(0);
    expectBytes(await readOpen(store, at), bytes, "open after the pieces of an earlier one were overwritten");
    expectBytes(await store.get(at), bytes, "get after the pieces of an open were overwritten");
  }),

  storeCase("open: a piece stays as it was when the next one comes", async ({ store, name }) => {
    const [at, bytes] = [name(), sample(LENGTH)];
    await store.put(at, bytes);
    expectBytes(concat(...(await rest(await begin(store, at)))), bytes, "the pieces of an open, joined after the last");
  }),

  storeCase("open: hands out plain Uint8Arrays, whose slice copies", async ({ store, name }) => {
    const at = name();
    await store.put(at, sample(LENGTH));
    for (const piece of await rest(await begin(store, at))) {
      const plain = Object.getPrototypeOf(piece) === Uint8Array.prototype;
      expectThat(plain, "each piece is a Uint8Array and no subclass of it, such as a Node Buffer");
    }
  }),

  storeCase("open: several at once do not disturb each other", async ({ store, name }) => {
    const [at, bytes] = [name(), sample(LENGTH)];
    await store.put(at, bytes);
    const whole = await begin(store, at);
    const first = await whole.next();
    expectBytes(await readOpen(store, at, { start: 10, end: 100_000 }), bytes.subarray(10, 100_000), "a second open");
    const others = await Promise.all(Array.from({ length: 8 }, () => readOpen(store, at)));
    for (const other of others) expectBytes(other, bytes, "one of eight opens at once");
    expectBytes(concat(first.value ?? new Uint8Array(0), ...(await rest(whole))), bytes, "the first open, read on");
  }),

  storeCase("open: an iteration may be left early, and the store still works", async ({ store, name }) => {
    const at = name("entries");
    await store.put(at, sample(LENGTH, 1));
    for (let round = 0; round < 20; round++) {
      for await (const piece of (await store.open(at)) ?? []) {
        expectThat(piece.length > 0, "the first piece holds bytes");
        break;
      }
    }
    expectBytes(await readOpen(store, at), sample(LENGTH, 1), "open after iterations that were left");
    await store.put(at, sample(LENGTH, 2));
    expectBytes(await store.get(at), sample(LENGTH, 2), "get after a put after iterations that were left");
    await store.delete(at);
    expectSame(await store.get(at), undefined, "get after a delete after iterations that were left");
  }),
];
