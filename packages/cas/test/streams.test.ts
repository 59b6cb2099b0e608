import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Draft } from "@cache/core";
import { collect } from "@cache/core/bytes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fileStore } from "../src/index.ts";
import { bytesOf, failureOf, nameOf, newDirectory, nextDescriptor } from "./directories.ts";
import { Installed } from "./installed.ts";

const MIB = 1_048_576;
const name = nameOf("a stream");
const installed = new Installed();

function draftOf(body: AsyncIterable<Uint8Array>, head: Uint8Array = new Uint8Array(0)): Draft {
  return { headLength: head.byteLength, body, finish: () => ({ name, head }) };
}

async function* repeated(piece: Uint8Array, count: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < count; at++) yield piece;
}

const temporaries = (directory: string): string[] => readdirSync(join(directory, "v1", "tmp"));

describe("blocks", () => {
  it.each([1000, MIB])(
    "put: %d bytes are taken at the call, and their memory may be used again at once",
    async (length) => {
      const store = fileStore(newDirectory());
      const bytes = bytesOf(length);
      const under = store.put(name, bytes);
      bytes.fill(0);
      await under;
      expect(Buffer.compare((await store.get(name)) as Uint8Array, bytesOf(length))).toBe(0);
    },
  );

  it("open: pieces are blocks of 1 MiB, the last one shorter", async () => {
    const store = fileStore(newDirectory());
    await store.put(name, bytesOf(2 * MIB + 5));
    const lengths: number[] = [];
    for await (const piece of (await store.open(name)) ?? []) lengths.push(piece.byteLength);
    expect(lengths).toEqual([MIB, MIB, 5]);
  });

  it("open: any range is that part of the value", async () => {
    const store = fileStore(newDirectory());
    const bytes = bytesOf(3 * MIB + 7);
    await store.put(name, bytes);
    const offset = fc.oneof(
      fc.integer({ min: -9, max: bytes.length + 9 }),
      fc.integer({ min: 0, max: 3 }).map((n) => n * MIB),
    );
    await fc.assert(
      fc.asyncProperty(offset, offset, async (start, end) => {
        const got = await collect((await store.open(name, { start, end })) as AsyncIterable<Uint8Array>);
        const expected = bytes.subarray(Math.max(0, start), Math.max(0, start, end));
        expect(Buffer.compare(got, expected)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it.each([100, 3 * MIB])(
    "open: of %d bytes can be iterated once; again is a TypeError, not an empty value",
    async (length) => {
      const store = fileStore(newDirectory());
      await store.put(name, bytesOf(length));
      const pieces = (await store.open(name)) as AsyncIterable<Uint8Array>;
      expect((await collect(pieces)).byteLength).toBe(length);
      await expect(collect(pieces)).rejects.toBeInstanceOf(TypeError);
    },
  );

  it("open: no descriptor stays open, whether the iteration ends, is left, fails or is aborted", async () => {
    const store = fileStore(newDirectory());
    await store.put(name, bytesOf(5 * MIB));
    const before = nextDescriptor();
    await collect((await store.open(name)) as AsyncIterable<Uint8Array>);
    for await (const _ of (await store.open(name)) ?? []) break;
    const controller = new AbortController();
    const aborted = async () => {
      for await (const _ of (await store.open(name, { signal: controller.signal })) ?? []) controller.abort();
    };
    expect((await failureOf(aborted())).name).toBe("AbortError");
    const left = (await store.open(name))?.[Symbol.asyncIterator]();
    await left?.next();
    await left?.return?.();
    await store.get(name);
    await failureOf(store.get(name, { limit: 10 }));
    expect(nextDescriptor()).toBe(before);
  });

  it("open: what is never iterated gives its descriptor back when it is forgotten", async () => {
    const { out, err } = await installed.run(
      `import { openSync, closeSync } from "node:fs";
       const next = () => { const fd = openSync("/", "r"); closeSync(fd); return fd; };
       const store = fileStore(args[0]);
       await store.put("${name}", new Uint8Array(${3 * MIB}));
       const before = next();
       for (let count = 0; count < 100; count++) await store.open("${name}");
       const during = next();
       for (let round = 0; round < 100 && next() !== before; round++) {
         globalThis.gc();
         await new Promise((resolve) => setTimeout(resolve, 10));
       }
       console.log(during > before, next() - before);`,
      { args: [newDirectory()], node: ["--expose-gc"] },
    );
    expect({ out, err }).toEqual({ out: "true 0\n", err: "" });
  });

  it("putStream: nothing but a temporary file is there while the body is read, and that without its head", async () => {
    const directory = newDirectory();
    const store = fileStore(directory);
    const head = bytesOf(300, 9);
    async function* body(): AsyncGenerator<Uint8Array> {
      yield* repeated(new Uint8Array(MIB).fill(5), 3);
      expect(temporaries(directory)).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
      const file = readFileSync(join(directory, "v1", "tmp", temporaries(directory)[0] as string));
      expect(file.byteLength).toBeGreaterThan(MIB);
      expect(new Uint8Array(file.subarray(0, 300))).toEqual(new Uint8Array(300));
      expect(await store.stat(name)).toBeUndefined();
    }
    await store.putStream(draftOf(body(), head));
    const whole = (await store.get(name)) as Uint8Array;
    expect(whole.subarray(0, 300)).toEqual(head);
    expect(whole.byteLength).toBe(300 + 3 * MIB);
    expect(temporaries(directory)).toEqual([]);
  });

  it("putStream: whatever fails, no temporary file and no descriptor is left", async () => {
    const directory = newDirectory();
    const store = fileStore(directory);
    await store.put(nameOf("beside"), bytesOf(1));
    const before = nextDescriptor();
    const reason = new Error("the source broke");
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield* repeated(new Uint8Array(MIB), 4);
      throw reason;
    }
    const piece = new Uint8Array(2 * MIB);
    const drafts: Draft[] = [
      draftOf(breaking()),
      draftOf(repeated("text" as unknown as Uint8Array, 1)),
      { ...draftOf(repeated(piece, 2)), headLength: 7 },
      { ...draftOf(repeated(piece, 2)), finish: () => ({ name: "blobs/../../x", head: new Uint8Array(0) }) },
      { ...draftOf(repeated(piece, 2)), finish: () => Promise.resolve({ name, head: new Uint8Array(0) }) as never },
    ];
    const failures = await Promise.all(drafts.map((draft) => failureOf(store.putStream(draft))));
    expect(failures[0]).toBe(reason);
    for (const failure of failures.slice(1)) expect(failure).toBeInstanceOf(TypeError);
    expect(temporaries(directory)).toEqual([]);
    expect(nextDescriptor()).toBe(before);
  });

  it("putStream: a source is closed when the medium fails", async () => {
    const { out, err } = await installed.run(
      `const store = fileStore(args[0]);
       let closed = false;
       async function* body() { try { for (;;) yield new Uint8Array(1_000_000); } finally { closed = true; } }
       const finish = () => ({ name: "${name}", head: new Uint8Array(0) });
       const error = await store.putStream({ headLength: 0, body: body(), finish }).catch((error) => error);
       console.log(error.code, error.cause.code, closed);`,
      { args: [newDirectory()], limits: "ulimit -f 8000" },
    );
    expect({ out, err }).toEqual({ out: "ERR_CACHE_STORE EFBIG true\n", err: "" });
  });

  it("a stream of 256 MiB takes a few MiB of memory in, and is not held in memory on its way out", async () => {
    const { out, err } = await installed.run(
      `const MIB = 1048576, store = fileStore(args[0]), piece = new Uint8Array(100_000).fill(7);
       const size = 256 * MIB;
       let peak = 0;
       const look = () => { peak = Math.max(peak, process.memoryUsage.rss()); };
       async function* body(length) {
         for (let at = 0; at < length; at += piece.length) { look(); yield piece.subarray(0, length - at); }
       }
       const put = (length) => store.putStream({ headLength: 0, body: body(length),
         finish: () => ({ name: "${name}", head: new Uint8Array(0) }) });
       await put(8 * MIB);
       globalThis.gc();
       const start = peak = process.memoryUsage.rss();
       await put(size);
       const into = (peak - start) / MIB;
       globalThis.gc();
       peak = start;
       let got = 0;
       for await (const block of await store.open("${name}")) { got += block.length; look(); }
       const out = (peak - start) / MIB;
       console.log(got === size, into < 12, out < 100, Math.round(into), Math.round(out));`,
      { args: [newDirectory()], node: ["--expose-gc"] },
    );
    expect(err).toBe("");
    expect(out).toMatch(/^true true true /);
  });
});
