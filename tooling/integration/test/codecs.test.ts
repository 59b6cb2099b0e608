import { runInNewContext } from "node:vm";
import { bytesCodec, type Codec, createCache, jsonCodec, structuredCodec, tiered } from "@cache/core";
import { utf8 } from "@cache/core/bytes";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < levels; i++) value = [value];
  return value;
}

/** Whether the structured codec has a form for a value. */
function isKept(value: unknown): boolean {
  try {
    structuredCodec.encode(value);
    return true;
  } catch {
    return false;
  }
}

describe("an entry of another codec", () => {
  const store = memoryStore({ maxBytes: 1_000_000 });
  const told = async (written: Codec<never>, read: Codec<unknown>, value: unknown): Promise<unknown> => {
    await createCache({ store, codec: written as Codec<unknown> }).set("k", value);
    const answer = await createCache({ store, codec: read }).lookup("k");
    return answer.state === "rejected" && `${answer.code}: ${answer.error.message}`;
  };

  it("is refused with both names, and a word on the command where it is one of the two", async () => {
    const message = await told(jsonCodec as Codec<never>, structuredCodec, 1);
    expect(message).toBe('ERR_CACHE_CODEC: the entry was written by "json", and this cache has the codec "structured"');
    const bytes = bytesCodec as Codec<unknown>;
    expect(await told(jsonCodec as Codec<never>, bytes, 1)).toMatch(/by "json", .* "bytes"; .* command .* bytesCodec$/);
    expect(await told(bytes as Codec<never>, jsonCodec, utf8("1"))).toMatch(/by "bytes", .* "json"; .* bytesCodec$/);
  });

  it("is refused without its name where that is no word: without keys anybody could have chosen it", async () => {
    for (const name of ["a\u001b[2J", "two words", "x".repeat(65), "\u202e"]) {
      const message = await told({ ...jsonCodec, name } as Codec<never>, jsonCodec, 1);
      expect(message).toBe(
        'ERR_CACHE_CODEC: the entry was written by another codec, and this cache has the codec "json"',
      );
    }
  });
});

describe("the structured codec", () => {
  it.each([
    ["a bigint whose digits take longer than their number", `[["BigInt","${"9".repeat(10_001)}"]]`],
    ["an array with places that take no room", "[[-7,4294967295]]"],
  ])("refuses to read %s", (_, text) => {
    expect(() => structuredCodec.decode(utf8(text))).toThrow(/more than \d+/);
  });

  it("refuses to write what it would refuse to read", () => {
    const sparse: unknown[] = [];
    sparse[20_000_000] = 1;
    expect(() => structuredCodec.encode({ sparse })).toThrow("16777216 places");
    expect(() => structuredCodec.encode([10n ** 10_000n])).toThrow("10000 digits");
  });

  it("keeps large bigints and sparse arrays that it does not refuse, and strings that look like them", () => {
    const sparse: unknown[] = [];
    sparse[16_777_215] = "[-7,99999999";
    const value = { big: 10n ** 9_999n, sparse, text: '["BigInt","9"]' };
    expect(structuredCodec.decode(structuredCodec.encode(value))).toEqual(value);
  });
});

describe.each([jsonCodec, structuredCodec])("the codec $name", (codec) => {
  it("says of a value without a form why it has none, and keeps the cause", async () => {
    const cache = createCache({ store: memoryStore({ maxBytes: 1_000_000 }), codec });
    await expect(cache.set("k", nested(200_000))).rejects.toThrow("nested too deeply");
    await expect(cache.set("k", () => 1)).rejects.toThrow(/function/);
  });
});

describe("the codec json", () => {
  const cache = () => createCache({ store: memoryStore({ maxBytes: 1_000_000 }) });

  it.each<[string, unknown]>([
    ["a map", new Map([["a", 1]])],
    ["a set", { deep: [new Set([1])] }],
    ["a typed array", [Uint8Array.of(1)]],
    ["a Buffer", { raw: Buffer.of(1) }],
    ["an ArrayBuffer", new ArrayBuffer(1)],
    ["NaN", { value: Number.NaN }],
    ["an infinity", [Number.NEGATIVE_INFINITY]],
    ["an error", new Error("x")],
    ["an error with fields", Object.assign(new Error("x"), { code: 1 })],
    ["a promise that nobody waited for", { later: Promise.resolve(1) }],
    ["a pattern", { pattern: /x/ }],
    ["what a URL asks for", new URLSearchParams("a=1")],
    ["shared bytes", new SharedArrayBuffer(1)],
    [
      "an object whose fields are private",
      new (class {
        readonly #hidden = 1;
        get hidden() {
          return this.#hidden;
        }
      })(),
    ],
    ["a number in an object", new Number(Number.NaN)],
    ["a date that is none", [new Date(Number.NaN)]],
    ["an item that is undefined", [1, undefined]],
    ["a place without an item", Array(2)],
    ["a function in a field", { f: () => 1 }],
    ["a function in a list", [() => 1]],
    ["a symbol", [Symbol("x")]],
    ["a field that a symbol names", { a: 1, [Symbol("x")]: 1 }],
  ])("refuses %s, which it would lose, and names the structured codec if that keeps it", async (_, value) => {
    const refusal = await cache()
      .set("k", value)
      .catch((error: unknown) => error);
    expect(String(refusal)).toMatch(/^TypeError: JSON would lose .*; \w+/);
    expect(String(refusal).includes("structuredCodec"), String(refusal)).toBe(isKept(value));
    await expect(cache().getOrSet("k", () => value)).rejects.toThrow(/JSON would lose/);
  });

  it.each([
    ["nothing", undefined, "undefined"],
    ["a function", () => 1, "function"],
    ["a symbol", Symbol("x"), "symbol"],
    ["an object that says it is nothing", { toJSON: () => undefined }, "object"],
  ])("refuses %s, for which there is no JSON, and says of what type it is", async (_, value, type) => {
    await expect(cache().set("k", value)).rejects.toThrow(`JSON has no form for a value of type ${type}`);
  });

  it("takes plain objects of whatever origin, and class instances as such", async () => {
    const kept = cache();
    const bare: unknown = Object.assign(Object.create(null), { a: 1 });
    await kept.set("k", [
      bare,
      runInNewContext("({})"),
      {},
      new (class {
        b = 2;
      })(),
    ]);
    expect(await kept.get("k")).toEqual([{ a: 1 }, {}, {}, { b: 2 }]);
  });

  it("takes dates as text, leaves out what is undefined, and lets objects speak for themselves", async () => {
    const own = { toJSON: () => "own" };
    const kept = cache();
    await kept.set("k", { at: new Date(0), none: undefined, own, list: [1, null] });
    expect(await kept.get("k")).toEqual({ at: "1970-01-01T00:00:00.000Z", own: "own", list: [1, null] });
  });

  it("says of a cycle that it is one", async () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    await expect(cache().set("k", cycle)).rejects.toThrow(/circular/);
  });
});

describe("bytes that the caller changes as soon as the call has returned", () => {
  /** Bytes whose `slice` is a view of the same memory, and others. */
  const buffers = { "a Buffer": () => Buffer.alloc(5000), "a Uint8Array": () => new Uint8Array(5000) };
  const schema = { "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) } } as const;
  const memory = () => memoryStore({ maxBytes: 1_000_000 });
  const late = { get: async () => undefined, advance: async (_: unknown, seen: unknown) => seen } as never;

  for (const [name, make] of Object.entries(buffers)) {
    for (const [how, more] of Object.entries({
      plainly: {},
      "with a schema": { schema },
      "with a memory of what was seen": { rollback: late },
    })) {
      it(`are kept as they were: ${name}, ${how}`, async () => {
        const cache = createCache({ store: memory(), codec: bytesCodec, inlineLimit: 100, ...more } as never);
        const scratch = make();
        const writes = ["a", "b", "c"].map((key, i) => cache.set(key, scratch.fill(i + 1) as never));
        await Promise.all(writes);
        for (const [i, key] of ["a", "b", "c"].entries())
          expect(await cache.get(key)).toEqual(new Uint8Array(5000).fill(i + 1));
      });
    }

    it(`are kept as they were by tiers: ${name}`, async () => {
      const store = tiered(memory(), memory());
      const scratch = make().fill(1);
      const put = store.put(`blobs/${"ab".repeat(32)}`, scratch);
      scratch.fill(2);
      await put;
      expect((await store.get(`blobs/${"ab".repeat(32)}`))?.[0]).toBe(1);
    });
  }
});
