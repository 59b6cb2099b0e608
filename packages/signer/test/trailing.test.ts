import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { utf8 } from "@cache/core/bytes";
import type { VerifiedRecord } from "@cache/core/record";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HmacRawKey, parseSecretKeys, readTrailing, writeTrailing } from "../src/trailing/index.ts";
import { bytesOf, filesOf, keys } from "./fleche.ts";

const both = parseSecretKeys(`${keys.first}:${keys.second}`);
const [first, second] = both as [HmacRawKey, HmacRawKey];
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const pickle = fc.uint8Array({ maxLength: 300 }).map((bytes) => Uint8Array.of(...bytes, 0x2e));
const refused = (code: string) => expect.objectContaining({ name: "CacheError", code });

describe("files that Python wrote", () => {
  it.each(filesOf("good"))("M62: $label: verified by its key, and only the payload is bound", async (file) => {
    const found = await readTrailing(bytesOf(file), { keys: both });
    expect(found).toMatchObject({ keyIndex: file.key, binding: "payload-only", compressed: /gzip/.test(file.label) });
    expect(sha256(found.payload)).toBe(file.payload);
  });

  it.each(filesOf("bad"))("M62: $label: refused with $verdict", async (file) => {
    await expect(readTrailing(bytesOf(file), { keys: both })).rejects.toEqual(refused(file.verdict));
  });

  it.each(filesOf("bombs"))(
    "M63: a bomb ($label): stopped at the limit, though its signature would hold",
    async (file) => {
      const before = process.memoryUsage.rss();
      await expect(readTrailing(bytesOf(file), { keys: both })).rejects.toEqual(refused("ERR_CACHE_LIMIT"));
      expect(process.memoryUsage.rss() - before).toBeLessThan(400_000_000);
    },
  );

  it("M63: what expands to more than its reader allows is stopped there", async () => {
    const payload = Uint8Array.of(...new Uint8Array(99_999), 0x2e);
    const file = gzipSync(await writeTrailing(payload, first));
    const look = (maxBytes: number) => readTrailing(file, { keys: both, maxBytes, maxRatio: 1e9 });
    await expect(look(100_064)).resolves.toMatchObject({ payload });
    await expect(look(100_063)).rejects.toEqual(refused("ERR_CACHE_LIMIT"));
  });

  it("files of versions whose keys were text are verified when the keys are said to be text", async () => {
    const text = parseSecretKeys(keys.text, { encoding: "utf8" });
    for (const file of filesOf("old")) {
      const { payload } = await readTrailing(bytesOf(file), { keys: text });
      expect(sha256(payload)).toBe(file.payload);
      await expect(readTrailing(bytesOf(file), { keys: both })).rejects.toEqual(refused("ERR_CACHE_AUTH"));
    }
  });

  it("a key of 16 bytes verifies and does not sign", async () => {
    const [key] = parseSecretKeys(keys.short) as [HmacRawKey];
    expect(key.strength).toBe("short");
    for (const file of filesOf("short")) expect((await readTrailing(bytesOf(file), { keys: [key] })).keyIndex).toBe(0);
    expect(() => writeTrailing(utf8("."), key)).toThrow(refused("ERR_CACHE_WEAK_KEY"));
  });
});

describe("readTrailing", () => {
  it("gives back what writeTrailing was given, for any payload, compressed or not, whichever key signed", async () => {
    await fc.assert(
      fc.asyncProperty(pickle, fc.boolean(), fc.boolean(), async (payload, packed, later) => {
        const file = writeTrailing(payload, later ? second : first);
        const found = await readTrailing(packed ? new Uint8Array(gzipSync(file)) : file, { keys: both });
        expect(found).toEqual({ payload, keyIndex: later ? 1 : 0, compressed: packed, binding: "payload-only" });
      }),
    );
  });

  it("M62: refuses a file with any one bit changed, cut anywhere, or with anything in front or behind", async () => {
    const read = (bytes: Uint8Array) => readTrailing(bytes, { keys: both });
    await fc.assert(
      fc.asyncProperty(
        pickle,
        fc.nat(),
        fc.integer({ min: 0, max: 7 }),
        fc.uint8Array({ minLength: 1 }),
        async (payload, at, bit, more) => {
          const file = writeTrailing(payload, first);
          const flipped = file.map((byte, index) => (index === at % file.length ? byte ^ (1 << bit) : byte));
          const wrong = [
            flipped,
            file.subarray(0, at % file.length),
            Uint8Array.of(...more, ...file),
            Uint8Array.of(...file, ...more),
          ];
          for (const bytes of wrong) await expect(read(bytes)).rejects.toMatchObject({ name: "CacheError" });
        },
      ),
    );
  });

  it("M62: two files that were exchanged verify both: that is what payload-only says, and it fits nowhere else", async () => {
    const found = await readTrailing(writeTrailing(utf8("a."), first), { keys: both });
    const believe = (record: VerifiedRecord) => record;
    // @ts-expect-error: no statement, so no name, no namespace and no time
    expect(believe(found)).toBe(found);
  });

  it("M64: a payload that would run a program when it is unpickled comes back as the bytes that it is", async () => {
    const payload = utf8("cos\nsystem\n(S'exit 7'\ntR.");
    expect((await readTrailing(writeTrailing(payload, first), { keys: both })).payload).toEqual(payload);
  });

  it("known answer: the document's pickle under 32 times 0xab", () => {
    const payload = new Uint8Array(Buffer.from("8004950a000000000000007d948c0161944b01732e", "hex"));
    const file = writeTrailing(payload, HmacRawKey.import(new Uint8Array(32).fill(0xab)));
    expect(Buffer.from(file.subarray(payload.length)).toString()).toBe(
      "73e66bed13e91c60d1ec9c232cf2534a4b7aed9bb0001abe9b9bc0299c3be23c",
    );
  });

  it("takes its limits from its options, for what is not compressed, too", async () => {
    const file = writeTrailing(Uint8Array.of(...new Uint8Array(1000), 0x2e), first);
    const packed = new Uint8Array(gzipSync(file));
    const read = (bytes: Uint8Array, more: object) => readTrailing(bytes, { keys: both, ...more });
    for (const bytes of [file, packed]) {
      await expect(read(bytes, { maxBytes: file.length - 1 })).rejects.toEqual(refused("ERR_CACHE_LIMIT"));
      expect((await read(bytes, { maxBytes: file.length })).payload).toHaveLength(1001);
    }
    await expect(read(packed, { maxRatio: (file.length - 1) / packed.length })).rejects.toEqual(
      refused("ERR_CACHE_LIMIT"),
    );
    expect((await read(packed, { maxRatio: file.length / packed.length })).compressed).toBe(true);
  });

  it("asks for keys, and for nothing that it does not know", async () => {
    const file = writeTrailing(utf8("."), first);
    const wrong = [
      [{ keys: [] }, /needs the keys/],
      [{}, /needs the keys/],
      [{ keys: { length: 1 } }, /needs the keys/],
      [{ keys: ["aa"] }, /the keys are HmacRawKeys/],
      [{ keys: both, key: first }, /no option "key"/],
      [{ keys: both, maxRatio: Number.NaN }, /maxRatio/],
    ] as const;
    for (const [options, why] of wrong) await expect(readTrailing(file, options as never)).rejects.toThrow(why);
    await expect(readTrailing([...file] as never, { keys: both })).rejects.toThrow("a file is a Uint8Array");
    await expect(readTrailing(file, { keys: [first, first] })).rejects.toEqual(refused("ERR_CACHE_KEY_FORMAT"));
    const many = Array.from({ length: 17 }, (_, index) => HmacRawKey.import(new Uint8Array(32).fill(index + 1)));
    await expect(readTrailing(file, { keys: many })).rejects.toEqual(refused("ERR_CACHE_LIMIT"));
    expect((await readTrailing(file, { keys: [...many.slice(0, 15), first] })).keyIndex).toBe(15);
  });
});

describe("writeTrailing", () => {
  it("takes nothing that does not end as a pickle does", () => {
    // What begins as gzip does would be decompressed by whoever reads it.
    const packed = Uint8Array.of(0x1f, 0x8b, 0x2e);
    for (const payload of [new Uint8Array(), utf8("a"), utf8(".a"), packed, "." as never, [0x2e] as never])
      expect(() => writeTrailing(payload, first)).toThrow(/^a payload /);
    expect(() => writeTrailing(utf8("."), keys.first as never)).toThrow(TypeError);
  });

  it("signs with 32 bytes and more only", () => {
    const short = HmacRawKey.import(new Uint8Array(31).fill(7));
    expect(() => writeTrailing(utf8("."), short)).toThrow(refused("ERR_CACHE_WEAK_KEY"));
    expect(writeTrailing(utf8("."), HmacRawKey.import(new Uint8Array(32).fill(7)))).toHaveLength(65);
  });
});

describe("parseSecretKeys", () => {
  it("gives the keys in their order, for any keys of 16 to 1024 bytes", () => {
    const key = fc.uint8Array({ minLength: 16, maxLength: 80 }).filter((bytes) => bytes.some((byte) => byte !== 0));
    const list = fc.uniqueArray(key, {
      minLength: 1,
      maxLength: 16,
      selector: (bytes) =>
        Buffer.from(bytes)
          .toString("hex")
          .replace(/(00)+$/, ""),
    });
    fc.assert(
      fc.property(list, fc.boolean(), (secrets, upper) => {
        const text = secrets.map((bytes) => Buffer.from(bytes).toString("hex")).join(":");
        const parsed = parseSecretKeys(upper ? text.toUpperCase() : text);
        expect(parsed.map((each) => [...each.reveal()])).toEqual(secrets.map((bytes) => [...bytes]));
      }),
    );
  });

  const key = "ab".repeat(32);
  it.each([
    ["nothing", "", "KEY_FORMAT"],
    ["a colon alone", ":", "KEY_FORMAT"],
    ["a colon at the end", `${key}:`, "KEY_FORMAT"],
    ["a colon in front", `:${key}`, "KEY_FORMAT"],
    ["two colons", `${key}::${"cd".repeat(32)}`, "KEY_FORMAT"],
    ["an odd number of digits", `${key}a`, "KEY_FORMAT"],
    ["no hexadecimal digits", "xy".repeat(16), "KEY_FORMAT"],
    ["0x in front", `0x${key}`, "KEY_FORMAT"],
    ["a line break at the end", `${key}\n`, "KEY_FORMAT"],
    ["a space", `${key}: ${key}`, "KEY_FORMAT"],
    ["commas, as older versions had them", `${key},${"cd".repeat(32)}`, "KEY_FORMAT"],
    ["the same key twice", `${key}:${key.toUpperCase()}`, "KEY_FORMAT"],
    ["the same key with zeros behind it", `${key}:${key}0000`, "KEY_FORMAT"],
    ["a long key and its hash", `${"01".repeat(65)}:${sha256(new Uint8Array(65).fill(1))}`, "KEY_FORMAT"],
    [
      "17 keys",
      Array.from({ length: 17 }, (_, index) => `${(index + 16).toString(16)}`.repeat(32)).join(":"),
      "KEY_FORMAT",
    ],
    ["a key of 1025 bytes", "ab".repeat(1025), "KEY_FORMAT"],
    ["a key of 5 bytes, as in fleche's example", "0011223344", "WEAK_KEY"],
    ["a key of 15 bytes", "ab".repeat(15), "WEAK_KEY"],
    ["zeros, which are the empty key", "00".repeat(32), "WEAK_KEY"],
  ])("M36: refuses %s, and does not repeat the text", (_, text, code) => {
    const parse = () => parseSecretKeys(text);
    expect(parse).toThrow(refused(`ERR_CACHE_${code}`));
    expect(parse).toThrow(expect.objectContaining({ message: expect.not.stringMatching(/abab|cdcd|0011/i) }));
  });

  it("takes short keys when it is told to, to verify with, and empty ones never", () => {
    const [weak] = parseSecretKeys("aa", { allowWeak: true }) as [HmacRawKey];
    expect(weak.strength).toBe("weak");
    expect(() => writeTrailing(utf8("."), weak)).toThrow(refused("ERR_CACHE_WEAK_KEY"));
    for (const text of ["", "aa:", "00"]) expect(() => parseSecretKeys(text, { allowWeak: true })).toThrow(/empty/);
    expect(() => parseSecretKeys("aa:aa00", { allowWeak: true })).toThrow(refused("ERR_CACHE_KEY_FORMAT"));
  });

  it("text keys: the text is the key; control characters, lone surrogates and empty ones are refused", () => {
    const texts = parseSecretKeys("a passphrase, longer:schl\u00fcssel schl\u00fcssel", { encoding: "utf8" });
    expect(texts.map((each) => Buffer.from(each.reveal()).toString())).toEqual([
      "a passphrase, longer",
      "schl\u00fcssel schl\u00fcssel",
    ]);
    for (const text of ["", `${key}:`, `${key}\n`, `${key}\ud800`])
      expect(() => parseSecretKeys(text, { encoding: "utf8" })).toThrow(refused("ERR_CACHE_KEY_FORMAT"));
    expect(() => parseSecretKeys("too short", { encoding: "utf8" })).toThrow(refused("ERR_CACHE_WEAK_KEY"));
    expect(() => parseSecretKeys(key, { encoding: "latin1" } as never)).toThrow(TypeError);
    expect(() => parseSecretKeys(key, { weak: true } as never)).toThrow(TypeError);
    expect(() => parseSecretKeys(7 as never)).toThrow("the keys are given as text");
    expect(() => parseSecretKeys(`${key} `)).toThrow("there is white space in the list of keys");
  });
});

describe("HmacRawKey", () => {
  it("M42: shows its strength and nothing else", async () => {
    const { inspect } = await import("node:util");
    const shown = [
      String(first),
      JSON.stringify({ first }),
      inspect(first, { showHidden: true, depth: 9 }),
      inspect({ first }),
    ].join();
    expect(shown).toContain("full");
    for (const secret of [keys.first, Buffer.from(first.reveal()).toString("base64")])
      expect(shown).not.toContain(secret.slice(0, 8));
    for (const piece of first.reveal().slice(0, 3)) expect(inspect(first)).not.toContain(`${piece}, `);
  });

  it("keeps a copy: who changes the bytes afterwards changes no key", () => {
    const bytes = Buffer.alloc(32, 7);
    const key = HmacRawKey.import(bytes);
    bytes.fill(0);
    key.reveal().fill(0);
    expect([...key.reveal()]).toEqual(Array.from({ length: 32 }, () => 7));
    expect(() => HmacRawKey.import(Array.from({ length: 32 }, () => 7) as never)).toThrow(TypeError);
    expect(() => HmacRawKey.import(bytes, { weak: true } as never)).toThrow(TypeError);
  });
});
