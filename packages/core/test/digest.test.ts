import { digestible, digestOf } from "@cache/core/digest";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as present from "../src/host/node.ts";
import * as portable from "../src/host/portable.ts";
import { linked, shapeOf } from "./digest-shapes.ts";
import { VECTORS } from "./digest-vectors.ts";

describe("digestOf", () => {
  it("gives the digests that were written down", () => {
    for (const [title, value, digest] of VECTORS) expect([title, digestOf(value())]).toEqual([title, digest]);
  });

  it("keeps every one of them apart from the others", () => {
    expect(new Set(VECTORS.map(([, , digest]) => digest)).size).toBe(VECTORS.length);
  });

  it("is equal exactly for values of one shape", () => {
    const few = fc.constantFrom<unknown>(0, -0, 1, "1", 1n, "", null, undefined, true, Number.NaN, "array", "sha256");
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 3, depthSize: "small" }, few, tie("many")),
      many: fc.oneof(
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom("a", "b", "1"), tie("value"), { maxKeys: 2 }),
        fc.array(tie("value"), { maxLength: 2 }).map((items) => new Set(items)),
        fc.array(fc.tuple(tie("value"), tie("value")), { maxLength: 2 }).map((items) => new Map(items)),
      ),
    }));
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 12 }), (values) => {
        const digests = new Map(values.map((each) => [shapeOf(each), digestOf(each)]));
        expect(new Set(digests.values()).size).toBe(digests.size);
        for (const each of values) expect(digestOf(each)).toBe(digests.get(shapeOf(each)));
      }),
    );
  });

  it("is that of a copy, whatever the value", () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
    });
    fc.assert(
      fc.property(anything, (value) => {
        expect(digestOf(structuredClone(value))).toBe(digestOf(value));
      }),
    );
  });

  it("of objects that hold each other is equal exactly for values of one shape", () => {
    const edges = fc.array(fc.array(fc.nat(3), { maxLength: 2 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(edges, { minLength: 2, maxLength: 6 }), (graphs) => {
        const values = graphs.map(linked);
        const digests = new Map(values.map((each) => [shapeOf(each), digestOf(each)]));
        expect(new Set(digests.values()).size).toBe(digests.size);
        for (const each of values) {
          expect(digestOf(each)).toBe(digests.get(shapeOf(each)));
          expect(digestOf(structuredClone(each))).toBe(digestOf(each));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("does not tell one object in two places from two that are equal, within cycles neither", () => {
    const part = { a: [1] };
    expect(digestOf([part, part])).toBe(digestOf([{ a: [1] }, { a: [1] }]));
    const [first, second] = [linked([[1], [0]]), linked([[1], [0]])] as unknown[][];
    expect(digestOf([first, first?.[0]])).toBe(digestOf([first, second?.[0]]));
    expect(digestOf([first?.[0], first])).toBe(digestOf([second?.[0], first]));
  });

  it("takes no longer for parts that are met again and again", () => {
    let shared: unknown = [1];
    for (let i = 0; i < 200; i++) shared = [shared, shared];
    expect(digestOf(shared)).toHaveLength(64);
    const all = Array.from({ length: 12 }, (): unknown[] => []);
    for (const each of all) each.push(...all);
    expect(() => digestOf(all)).toThrow(/^value(\[\d+\])+… ?.*too many cycles|too many cycles/);
  });

  it("does not go by the order of fields, and goes by that of items", () => {
    expect(digestOf({ a: 1, b: 2 })).toBe(digestOf({ b: 2, a: 1 }));
    expect(digestOf(new Set([1, 2]))).not.toBe(digestOf(new Set([2, 1])));
  });

  it("of an error goes by its class, message and fields, and not by where it was made", () => {
    const make = (): Error => Object.assign(new TypeError("no", { cause: 1 }), { code: "E" });
    expect(digestOf(make())).toBe(digestOf(make()));
    const others = [new TypeError("no"), new Error("no", { cause: 1 }), new TypeError("no", { cause: 2 })];
    others.push(Object.assign(new TypeError("no", { cause: 1 }), { code: "F" }));
    others.push(new AggregateError([1], "no"), new AggregateError([2], "no"));
    expect(new Set([make(), ...others].map((each) => digestOf(each))).size).toBe(7);
  });

  describe("of types of one's own", () => {
    class Point {
      readonly x: number;
      constructor(x: number) {
        this.x = x;
      }
      [digestible]() {
        return { type: "Point", content: { x: this.x } };
      }
    }
    class Unsaid {}

    it("goes by the type and content that the class says", () => {
      expect(digestOf(new Point(1))).toBe(digestOf(new Point(1)));
      const alike = [new Point(1), new Point(2), { x: 1 }, { type: "Point", content: { x: 1 } }, ["Point", { x: 1 }]];
      expect(new Set(alike.map((each) => digestOf(each))).size).toBe(alike.length);
    });

    it("goes by what the caller knows first", () => {
      const contentOf = (value: unknown) =>
        value instanceof Unsaid || value === parseInt ? { type: "mine", content: typeof value } : undefined;
      expect(digestOf([new Unsaid()], { contentOf })).not.toBe(digestOf([parseInt], { contentOf }));
      expect(digestOf(new Point(1), { contentOf })).toBe(digestOf(new Point(1)));
      expect(digestOf(new Point(1), { contentOf: () => ({ type: "p", content: 1 }) })).not.toBe(digestOf(new Point(1)));
    });

    it("follows instances that hold each other", () => {
      class Node {
        next: unknown;
        [digestible]() {
          return { type: "Node", content: this.next };
        }
      }
      const ring = (length: number) => {
        const nodes = Array.from({ length }, () => new Node());
        for (const [i, node] of nodes.entries()) node.next = nodes[(i + 1) % length];
        return nodes[0];
      };
      expect(digestOf(ring(3))).toBe(digestOf(ring(3)));
      expect(digestOf(ring(3))).not.toBe(digestOf(ring(2)));
    });

    it("is refused for a subclass without words of its own, which would pass for its parent", () => {
      class Heavy extends Point {
        weight = 1;
      }
      expect(() => digestOf(new Heavy(1))).toThrow("inherits");
    });

    it.each([
      ["nothing", undefined],
      ["no object", "Point"],
      ["no type", { content: 1 }],
      ["a type that is no text", { type: 1, content: 1 }],
      ["an empty type", { type: "", content: 1 }],
      ["no content", { type: "Point" }],
    ])("is refused when the method says %s", (_, content) => {
      class Odd {
        [digestible]() {
          return content;
        }
      }
      expect(() => digestOf(new Odd())).toThrow(expect.objectContaining({ code: "ERR_CACHE_UNDIGESTIBLE" }));
    });
  });

  it("counts bytes by type and content however many they are and wherever they lie, and Node's as the bytes they are", () => {
    const many = Buffer.alloc(4_000_000, "a");
    const shifted = new Uint8Array(new ArrayBuffer(many.length + 8), 8).fill(97);
    expect(digestOf(shifted)).toBe(digestOf(many));
    expect(digestOf(many.subarray(1))).not.toBe(digestOf(many));
    expect(digestOf(new Int8Array(shifted.buffer, 8))).not.toBe(digestOf(many));
  });

  it("sees fields on many bytes on every platform, and takes the same class for Node's", () => {
    for (const platform of [present, portable]) {
      for (const bytes of [new Uint8Array(300), new Float32Array(new ArrayBuffer(1208), 4, 300), Buffer.alloc(300)]) {
        expect(platform.hasItemsOnly(bytes)).toBe(true);
        for (const name of ["tag", "length", "01", Symbol("s")]) {
          const copy = bytes.slice();
          expect(platform.hasItemsOnly(Object.defineProperty(copy, name, { value: 1 }))).toBe(false);
        }
      }
      expect(platform.bufferPrototype()).toBe(Buffer.prototype);
    }
  });

  describe("refuses", () => {
    class Socket {}
    const OtherBuffer = { Buffer: class Buffer extends Int16Array {} }.Buffer;
    const FakeBuffer = { Buffer: class Buffer extends Uint8Array {} }.Buffer;
    class Misled {
      [digestible] = { type: "t", content: 1 };
    }
    const refused: readonly (readonly [what: string, value: unknown, message: RegExp])[] = [
      [
        "an instance deep within",
        { user: [{ socket: new Socket() }] },
        /^value\.user\[0\]\.socket is an instance of Socket,/,
      ],
      ["a function", { "on error": () => 1 }, /^value\["on error"\] is a function,/],
      ["a symbol", [[Symbol("s")]], /^value\[0\]\[0\] is a symbol,/],
      ["a key of a map", new Map([[new Socket(), 1]]), /^value\.keys\(\)\[0\] is an instance/],
      [
        "a value of a map",
        new Map([
          [1, 2],
          [3, () => 1],
        ] as never),
        /^value\.values\(\)\[1\] is a function/,
      ],
      ["an item of a set", new Set([1, new Socket()]), /^value\.values\(\)\[1\] is an instance/],
      ["the cause of an error", new Error("e", { cause: new Socket() }), /^value\.cause is an instance/],
      ["a boxed number", Object(1), /^value is an instance of Number/],
      ["a promise", Promise.resolve(), /^value is an instance of Promise/],
      ["a weak map", new WeakMap(), /^value is an instance of WeakMap/],
      ["what poses as a map", Object.create(Map.prototype), /^value is not what its prototype says/],
      ["what poses as a date", Object.create(Date.prototype), /^value is not what its prototype says/],
      ["what poses as an array", Object.create(Array.prototype), /^value is an instance of Array/],
      ["what poses as a URL", Object.create(URL.prototype), /^value is not what its prototype says/],
      ["what poses as a pattern", Object.create(RegExp.prototype), /^value is not what its prototype says/],
      ["what poses as a buffer", Object.create(ArrayBuffer.prototype), /^value is not what its prototype says/],
      ["a function that poses as an object", Object.setPrototypeOf(() => 1, Object.prototype), /^value is a function/],
      [
        "what has a hidden symbol",
        Object.defineProperty({}, Symbol("s"), { value: 1 }),
        /^value has a symbol as a name/,
      ],
      ["a symbol on a URL", Object.assign(new URL("http://a/"), { [Symbol("s")]: 1 }), /^value has a symbol as a name/],
      [
        "other numbers in a buffer's clothes",
        Object.setPrototypeOf(new Uint16Array(2), Buffer.prototype),
        /^value is an instance of/,
      ],
      ["a class of views by the name of Node's", new OtherBuffer(1), /^value is an instance of Buffer/],
      ["a class of bytes by that name", new FakeBuffer(1), /^value is an instance of Buffer/],
      ["bytes that pose as another view", Object.setPrototypeOf(new Uint8Array(1), DataView.prototype), /^value is/],
      ...[
        Uint8Array.of(1),
        new Float64Array(300),
        Buffer.from("a"),
        Buffer.alloc(300),
        new DataView(new ArrayBuffer(1)),
      ].flatMap((view) =>
        [
          ["a field", { tag: "x" }],
          ["a field that hides its length", { length: 0 }],
          ["a field that is nearly a place", { "01": 1 }],
          ["a hidden field", {}, "tag"],
          ["a symbol", { [Symbol("s")]: 1 }],
          ["a hidden symbol", {}, Symbol("s")],
        ].map(([what, fields, hidden]) => {
          const own = Object.getOwnPropertyDescriptors(fields as object);
          const more = hidden === undefined ? own : { [hidden as string]: { value: 1 } };
          const copy = view instanceof DataView ? new DataView(new ArrayBuffer(1)) : view.slice();
          const name = `${what} on ${view.byteLength} bytes of ${view.constructor.name}`;
          return [name, Object.defineProperties(copy, more), /^value has /] as const;
        }),
      ),
      ["what says its content by no method", new Misled(), /^value has a "@cache\/digest" that is no method/],
      ["fields on a map", Object.assign(new Map(), { a: 1 }), /^value has fields beside its content/],
      ["a symbol on an error", Object.assign(new Error("e"), { [Symbol("s")]: 1 }), /^value has a symbol as a name/],
    ];
    it.each(refused)("%s, and says where it stands", (_, value, message) => {
      expect(() => digestOf(value)).toThrow(
        expect.objectContaining({ code: "ERR_CACHE_UNDIGESTIBLE", message: expect.stringMatching(message) }),
      );
    });

    it("what is nested too deep, with a path that can be read", () => {
      let value: unknown = 1;
      for (let i = 0; i < 600; i++) value = [value];
      expect(() => digestOf(value)).toThrow(/^value(\[0\]){6}…(\[0\]){5} is nested more than 500 deep/);
    });

    it("options that are none", () => {
      expect(() => digestOf(1, { contentof: 1 } as never)).toThrow(TypeError);
      expect(() => digestOf(1, { contentOf: 1 as never })).toThrow(TypeError);
    });
  });

  it("throws what a getter throws as it is", () => {
    const own = new Error("mine");
    const value = {
      get field() {
        throw own;
      },
    };
    expect(() => digestOf(value)).toThrow(own);
  });
});
