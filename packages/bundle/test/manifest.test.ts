import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeManifest } from "../src/manifest/decode.ts";
import { encodeManifest, type Member } from "../src/manifest/manifest.ts";
import { pathBytes, pathOrder } from "../src/manifest/path.ts";
import { noise, text } from "./bench.ts";

const part = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
  .filter((word) => word.isWellFormed() && !/[\\:\0/]/.test(word) && word !== "." && word !== "..");
const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
const member = fc.record({
  path,
  type: fc.constantFrom("file" as const, "directory" as const),
  mode: fc.integer({ min: 0, max: 0o777 }),
  size: fc.nat({ max: 2 ** 40 }),
  digest: fc.uint8Array({ minLength: 32, maxLength: 32 }),
});

/** Members that may stand together: in order, each once, none through a file. */
const members = fc.array(member, { minLength: 1, maxLength: 20 }).map((list) => {
  const byPath = new Map(list.map((each) => [each.path, each]));
  const through = (name: string) => [...byPath.keys()].some((other) => other.startsWith(`${name}/`));
  return [...byPath.values()]
    .map((each): Member => {
      if (each.type === "file" && !through(each.path)) return each;
      return { ...each, type: "directory", size: 0, digest: new Uint8Array(32) };
    })
    .sort((a, b) => pathOrder(pathBytes(a.path), pathBytes(b.path)));
});

const file = (name: string, more: Partial<Member> = {}): Member => ({
  ...{ path: name, type: "file", mode: 0o644, size: 3, digest: noise(32) },
  ...more,
});

/** One member as its bytes are, with a path that no encoder would take. */
function raw(...paths: Uint8Array[]): Uint8Array {
  const whole = encodeManifest([file("x")]);
  const header = whole.slice(0, 16);
  new DataView(header.buffer).setUint32(12, paths.length);
  const fixed = whole.slice(19);
  return new Uint8Array(
    Buffer.concat([
      header,
      ...paths.flatMap((each) => [Buffer.from([each.length >> 8, each.length & 255]), each, fixed]),
    ]),
  );
}

const refused = (bytes: Uint8Array) =>
  expect(() => decodeManifest(bytes)).toThrow(expect.objectContaining({ code: "ERR_CACHE_FORMAT" }));

describe("manifest", () => {
  it("says after decoding what was encoded, and has one form", () => {
    fc.assert(
      fc.property(members, (list) => {
        const bytes = encodeManifest(list);
        expect(decodeManifest(bytes)).toEqual(list);
        expect(encodeManifest(decodeManifest(bytes))).toEqual(bytes);
      }),
      { numRuns: 300 },
    );
  });

  it("has the bytes that the format says", () => {
    const bytes = encodeManifest([
      { path: "a", type: "directory", mode: 0o755, size: 0, digest: new Uint8Array(32) },
      { path: "a/ä", type: "file", mode: 0o640, size: 0x0102, digest: new Uint8Array(32).fill(7) },
    ]);
    const expected = [
      ...["89434b5047", "0d0a1a", "01", "000000", "00000002"],
      ...["0001", "61", "02", "01ed", "0000000000000000", "00".repeat(32)],
      ...["0004", "612fc3a4", "01", "01a0", "0000000000000102", "07".repeat(32)],
    ];
    expected[0] = "8943504b47";
    expect(Buffer.from(bytes).toString("hex")).toBe(expected.join(""));
  });

  it("decoding any bytes gives a manifest of exactly these bytes, or a refusal", () => {
    fc.assert(
      fc.property(
        members,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 3 }),
        (list, flips) => {
          const bytes = encodeManifest(list).slice();
          for (const [at, mask] of flips) bytes[at % bytes.length] = (bytes[at % bytes.length] as number) ^ mask;
          let read: Member[];
          try {
            read = decodeManifest(bytes);
          } catch (error) {
            expect((error as { code: string }).code).toMatch(/^ERR_CACHE_(FORMAT|UNSUPPORTED_VERSION)$/);
            return;
          }
          expect(encodeManifest(read)).toEqual(bytes);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("is refused when it is cut anywhere, and when a byte follows", () => {
    const bytes = encodeManifest([file("a"), file("b/c")]);
    for (let length = 0; length < bytes.length; length++) refused(bytes.slice(0, length));
    refused(new Uint8Array([...bytes, 0]));
  });

  it.each([
    ["absolute", "/etc/passwd"],
    ["leading upwards", "../x"],
    ["leading upwards within", "a/../../x"],
    ["ending upwards", "a/.."],
    ["with a part .", "a/./b"],
    ["with an empty part", "a//b"],
    ["ending with /", "a/"],
    ["empty", ""],
    ["with a backslash", "a\\b"],
    ["with a colon", "C:x"],
    ["with a NUL", "a\0b"],
    ["of 65536 bytes", "a".repeat(65_536)],
  ])("M65: a path %s is refused", (_, name) => {
    // A longer one has no length that two bytes could say.
    if (name.length < 65_536) refused(raw(text(name)));
    expect(() => encodeManifest([file(name)])).toThrow(expect.objectContaining({ code: "ERR_CACHE_FORMAT" }));
  });

  it("M65: a path that is no UTF-8 is refused", () => {
    for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0x61, 0xc3]]) refused(raw(Uint8Array.from(bytes)));
    expect(() => encodeManifest([file("a\ud800")])).toThrow(/not Unicode text/);
  });

  it("takes a path of 65535 bytes", () => {
    const longest = [file("a".repeat(65_535))];
    expect(decodeManifest(encodeManifest(longest))).toEqual(longest);
  });

  it("writes no size in parts, also where the sum of all has none", () => {
    expect(() => encodeManifest([file("a", { size: 2 ** 52 }), file("b", { size: 0.5 })])).toThrow(/a size is not/);
  });

  it("M65: a path that is said to be longer than what is left is refused", () => {
    const header = encodeManifest([file("x")]).slice(0, 16);
    refused(new Uint8Array([...header, 0xff, 0xff, ...text("a".repeat(60))]));
  });

  it("writes no member that it would not read", () => {
    const none = new Uint8Array(32);
    for (const wrong of [
      ...[-1, 0.5, Number.NaN, 0o1000].map((mode) => ({ mode })),
      ...[-1, 0.5, Number.NaN, 2 ** 53].map((size) => ({ size })),
      { digest: noise(31) },
      { type: "directory", size: 1, digest: none } as const,
      { type: "directory", size: 0, digest: noise(32) } as const,
    ])
      expect(() => encodeManifest([file("a", wrong)]), JSON.stringify(wrong)).toThrow(
        expect.objectContaining({ code: "ERR_CACHE_FORMAT" }),
      );
  });

  it("M65: a duplicate path and unsorted paths are refused", () => {
    refused(raw(text("a"), text("a")));
    refused(raw(text("b"), text("a")));
    // In order of UTF-16 these two would stand the other way.
    refused(raw(text("\u{10000}"), text("\uffff")));
    expect(decodeManifest(raw(text("\uffff"), text("\u{10000}")))).toHaveLength(2);
  });

  it("M65: a path through a file is refused, however many stand between", () => {
    refused(raw(text("a"), text("a/b")));
    refused(raw(text("a"), text("a!"), text("a!!"), text("a/b")));
    expect(decodeManifest(raw(text("a"), text("a!"), text("aa"), text("b/a")))).toHaveLength(4);
  });

  it("M65: a truncated digest, set-uid bits, a directory with content, another type and extreme sizes are refused", () => {
    expect(() => encodeManifest([file("a", { digest: noise(8) })])).toThrow(/32 bytes/);
    const bytes = encodeManifest([file("a")]);
    const with_ = (at: number, ...values: number[]) => {
      const changed = bytes.slice();
      changed.set(values, at);
      return changed;
    };
    expect(decodeManifest(with_(20, 0x01, 0xff))).toHaveLength(1);
    for (const mode of [0o4755, 0o2755, 0o1755, 0x8000]) refused(with_(20, mode >> 8, mode & 255));
    refused(with_(19, 2));
    refused(with_(19, 2, 1, 0xa4, 0, 0, 0, 0, 0, 0, 0, 0));
    refused(with_(19, 2, 1, 0xa4, 0, 0, 0, 0, 0, 0, 0, 3, ...new Uint8Array(32)));
    for (const type of [0, 3, 255]) refused(with_(19, type));
    refused(with_(22, 255, 255, 255, 255, 255, 255, 255, 255));
    refused(with_(22, 0, 32, 0, 0, 0, 0, 0, 0));
    expect(decodeManifest(with_(22, 0, 31, 255, 255, 255, 255, 255, 255))[0]?.size).toBe(Number.MAX_SAFE_INTEGER);
    for (const at of [0, 7, 9, 11]) refused(with_(at, (bytes[at] as number) ^ 1));
    expect(() => decodeManifest(with_(8, 2))).toThrow(
      expect.objectContaining({ code: "ERR_CACHE_UNSUPPORTED_VERSION" }),
    );
  });

  it("refuses counts that it has no bytes for before anything is kept for them", () => {
    const bytes = encodeManifest([file("a")]);
    for (const count of [0, 2, 100_000, 100_001, 0xffffffff]) {
      const changed = bytes.slice();
      new DataView(changed.buffer).setUint32(12, count);
      refused(changed);
    }
    const none = bytes.slice(0, 16);
    none.fill(0, 12);
    expect(() => decodeManifest(none)).toThrow(/1 to 100000/);
    expect(() => encodeManifest([])).toThrow(/1 to 100000/);
    expect(() => encodeManifest(Array.from({ length: 100_001 }, (_, at) => file(`f${at}`)))).toThrow(/1 to 100000/);
  });

  it("refuses a member too many, also where its bytes are there", () => {
    const one = encodeManifest([file("000000")]);
    const each = one.subarray(16);
    const whole = Buffer.alloc(16 + 100_001 * each.length);
    whole.set(one);
    whole.writeUInt32BE(100_001, 12);
    for (let at = 0; at < 100_001; at++) {
      whole.set(each, 16 + at * each.length);
      whole.write(String(at).padStart(6, "0"), 18 + at * each.length);
    }
    expect(() => decodeManifest(whole)).toThrow(/1 to 100000/);
  });

  it("refuses sizes whose sum cannot be counted", () => {
    const most = Number.MAX_SAFE_INTEGER;
    expect(() => encodeManifest([file("a", { size: most }), file("b", { size: 1 })])).toThrow(/add up/);
  });
});
