import type { ReadRange, SealContext } from "@cache/core";
import { toHex, utf8 } from "@cache/core/bytes";
import { formatKey, Keyring, MasterKey, parseKey } from "@cache/core/keyring";
import { describe, expect, it } from "vitest";
import { sealer as platformSealer } from "../src/index.ts";
import { sealerWith } from "../src/sealer.ts";
import { blob, entry, metadata, native, opened, outcome, pattern, reader, sealer } from "./support.ts";

const content = pattern(40_000);

/** A reader that remembers how far it was asked to read. */
function watched(sealed: Uint8Array): { read: ReadRange; furthest: () => number } {
  let furthest = 0;
  const read: ReadRange = async (start, end) => {
    furthest = Math.max(furthest, end);
    return reader(sealed)(start, end);
  };
  return { read, furthest: () => furthest };
}

const OTHERS: readonly (readonly [words: string, sealedFor: SealContext, asked: SealContext])[] = [
  ["another namespace", entry("key"), entry("key", "build")],
  ["no namespace", entry("key"), entry("key", "")],
  ["another key", entry("src/main.ts"), entry("src/main.js")],
  ["the other kind", blob(content), { ...blob(content), kind: "entries" }],
  ["content of another namespace", blob(content), blob(content, "tests")],
  ["another digest", blob(content), blob(pattern(40_001))],
];

describe("what is sealed is bound to where it belongs", () => {
  for (const [words, context, other] of OTHERS) {
    it(`M5: opened under ${words} it is refused before any of the body is read`, async () => {
      const sealed = sealer.seal(context, content, metadata);
      expect(outcome(context, sealed)).toBe("opened");
      expect(outcome(other, sealed)).toBe("ERR_CACHE_AUTH");
      const { read, furthest } = watched(sealed);
      const refused = { code: "ERR_CACHE_AUTH" };
      await expect(sealer.openStream(other, read, sealed.length)).rejects.toMatchObject(refused);
      await expect(sealer.openRange(other, read, sealed.length, { start: 0, end: 9 })).rejects.toMatchObject(refused);
      expect(furthest()).toBe(258);
    });
  }

  it("one message for a wrong name, key, tag, length and digest: a refusal gives no hint which", () => {
    const sealed = sealer.seal(blob(content), content, metadata);
    const wrong = MasterKey.generate();
    const forged = sealed.slice();
    forged.set(wrong.id, 16);
    const damaged = sealed.slice();
    damaged.set([1, 2, 3], sealed.length - 3);
    const refusals = [
      () => sealer.open(entry("other"), sealed),
      () => sealerWith(native, Keyring.of(wrong)).open(blob(content), forged),
      () => sealer.open(blob(content), damaged),
      () => sealer.open(blob(content), sealed.slice(0, -1)),
      () => sealer.open(blob(pattern(3)), sealed),
    ].map((attempt) => {
      try {
        return attempt();
      } catch (error) {
        return String(error);
      }
    });
    expect(new Set(refusals)).toEqual(
      new Set(["CacheError: the sealed bytes are not what was sealed under this name"]),
    );
  });
});

describe("stored names", () => {
  const name = (context: SealContext, by = sealer): string => toHex(by.names(context)[0] as Uint8Array);

  it("M30: another process with the same key finds the same name, and opens what is there", () => {
    const key = MasterKey.generate();
    const again = parseKey(formatKey(key)) as MasterKey;
    const [one, two] = [key, again].map((each) => platformSealer(Keyring.of(each))) as [typeof sealer, typeof sealer];
    expect(name(blob(content), one)).toBe(name(blob(content), two));
    expect(opened(two.open(blob(content), one.seal(blob(content), content, metadata))).content).toEqual(content);
  });

  it("M31: the same content under another key, or in another namespace, has another name", () => {
    const other = sealerWith(native, Keyring.of(MasterKey.generate()));
    const names = [
      name(blob(content)),
      name(blob(content), other),
      name(blob(content, "tests")),
      name(blob(content, "")),
    ];
    expect(new Set(names).size).toBe(4);
  });

  it("M33: no border between namespace, kind and key can be moved", () => {
    const same = pattern(32);
    const contexts: SealContext[] = [
      entry("c", "ab"),
      entry("bc", "a"),
      entry("abc", ""),
      entry("ab\0c", ""),
      { namespace: "", kind: "entries", key: same },
      { namespace: "", kind: "blobs", key: same },
      { namespace: "\u0001", kind: "blobs", key: same },
    ];
    expect(new Set(contexts.map((context) => name(context))).size).toBe(contexts.length);
  });

  it("M34: a lone surrogate is refused, and NFC and NFD of a text are two names", () => {
    for (const text of ["\ud800", "a\udfff", "\udbff\udbff"]) {
      expect(() => sealer.names(entry("key", text))).toThrow(TypeError);
      expect(() => sealer.seal(entry("key", text), content, metadata)).toThrow(TypeError);
      expect(() => sealer.open(entry("key", text), content)).toThrow(TypeError);
    }
    expect(name(entry("key", "\u00e9"))).not.toBe(name(entry("key", "e\u0301")));
  });

  it("M35: whatever a key or namespace holds, a name is 32 bytes", () => {
    for (const text of ["..", "../../etc/passwd", "a\0b", "a/b", "a\\b", "C:"]) {
      const lengths = [entry(text), entry("key", text)].flatMap((context) => sealer.names(context));
      expect(lengths.map(({ byteLength }) => byteLength)).toEqual([32, 32]);
    }
  });

  it("M29: neither names nor sealed bytes hold the content's digest, raw or as text", () => {
    const { key: digest } = blob(content);
    const text = Buffer.from(digest);
    const needles = [digest, ...(["hex", "base64", "base64url"] as const).map((form) => utf8(text.toString(form)))];
    for (const context of [blob(content), entry("key")]) {
      const stored = Buffer.concat([...sealer.names(context), sealer.seal(context, content, metadata)]);
      for (const needle of needles) expect(stored.includes(Buffer.from(needle))).toBe(false);
    }
  });

  const ill: Readonly<Record<string, SealContext>> = {
    "a namespace of 256 bytes": entry("key", "n".repeat(256)),
    "an empty key": entry(""),
    "a key of 4097 bytes": entry("k".repeat(4097)),
    "a digest of 31 bytes": { namespace: "builds", kind: "blobs", key: pattern(31) },
    "a digest of 33 bytes": { namespace: "builds", kind: "blobs", key: pattern(33) },
    "a kind that there is not": { ...entry("key"), kind: "blob" as "blobs" },
  };
  for (const [words, context] of Object.entries(ill)) {
    it(`${words} is wrong use everywhere`, async () => {
      expect(() => sealer.names(context)).toThrow(TypeError);
      expect(() => sealer.seal(context, content, metadata)).toThrow(TypeError);
      expect(() => sealer.open(context, content)).toThrow(TypeError);
      await expect(sealer.openStream(context, reader(content), content.length)).rejects.toThrow(TypeError);
    });
  }
});
