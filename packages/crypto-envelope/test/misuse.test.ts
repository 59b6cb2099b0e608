import { concat, utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { Keyring, MasterKey } from "@cache/core/keyring";
import { describe, expect, it } from "vitest";
import { aead } from "../src/aead/node.ts";
import { sealerWith } from "../src/sealer.ts";
import { sealer, sealMessageFor } from "./misuse-support.ts";
import { contentOf, inPieces, keyring, master, metadata, pattern, providers, range, reader } from "./support.ts";

const content = pattern(2 * 16_384 + 100);
const context = { namespace: "builds", kind: "entries", key: utf8("src/main.ts") } as const;
const sealed = sealer.seal(context, content, metadata);
const PREFIX = 32;
const HEAD = 32 + 170;
const CHUNKS = HEAD + 56;

const refused = (bytes: Uint8Array, asked: Parameters<typeof sealer.open>[0] = context): boolean => {
  try {
    return sealer.open(asked, bytes).verdict === "foreign";
  } catch (error) {
    expect(error).toMatchObject({ name: "CacheError" });
    return true;
  }
};

async function streamEnd(bytes: Uint8Array): Promise<"clean" | "error"> {
  try {
    const opened = await sealer.openStream(context, reader(bytes), bytes.length);
    if (opened?.verdict !== "opened") return "error";
    for await (const _ of opened.content);
    return "clean";
  } catch {
    return "error";
  }
}

describe("a sealed file of three chunks", () => {
  it("M1: one bit flipped at every position never opens", () => {
    for (let at = 0; at < sealed.length; at++) {
      const flipped = sealed.slice();
      flipped[at] = (flipped[at] as number) ^ (1 << (at % 8));
      if (!refused(flipped)) throw new Error(`byte ${at} may be changed`);
    }
  }, 120_000);

  it("M2: a truncated file never opens and its stream never ends cleanly", async () => {
    const lengths = [...Array(400).keys(), CHUNKS + 16_400, CHUNKS + 2 * 16_400, sealed.length - 1];
    for (const length of lengths) {
      expect(refused(sealed.slice(0, length)), `length ${length}`).toBe(true);
      expect(await streamEnd(sealed.slice(0, length)), `length ${length}`).toBe("error");
    }
    expect(await streamEnd(sealed)).toBe("clean");
  });

  it("M3: a file with something appended never opens", async () => {
    const chunk = sealed.slice(CHUNKS, CHUNKS + 16_400);
    for (const extra of [Uint8Array.of(0), chunk, sealed]) {
      expect(refused(concat(sealed, extra))).toBe(true);
      expect(await streamEnd(concat(sealed, extra))).toBe("error");
    }
  });

  it("M4: chunks swapped, doubled, dropped or taken from another file never open", async () => {
    const [first, second, last] = [
      sealed.slice(CHUNKS, CHUNKS + 16_400),
      sealed.slice(CHUNKS + 16_400, CHUNKS + 32_800),
      sealed.slice(CHUNKS + 32_800),
    ] as [Uint8Array, Uint8Array, Uint8Array];
    const other = sealer.seal(context, content, metadata).slice(CHUNKS, CHUNKS + 16_400);
    const head = sealed.slice(0, CHUNKS);
    for (const order of [
      [second, first, last],
      [first, first, last],
      [second, last],
      [other, second, last],
    ]) {
      expect(refused(concat(head, ...order))).toBe(true);
      expect(await streamEnd(concat(head, ...order))).toBe("error");
    }
  });

  it("M5 M6: it opens under its own namespace, key and kind only", () => {
    expect(refused(sealed, { ...context, namespace: "build" })).toBe(true);
    expect(refused(sealed, { ...context, key: utf8("src/main.js") })).toBe(true);
    const small = pattern(20);
    const blob = { namespace: "builds", kind: "blobs", key: crypto.sha256(small) } as const;
    const sealedBlob = sealer.seal(blob, small, metadata);
    expect(contentOf(sealer.open(blob, sealedBlob))).toEqual(small);
    expect(refused(sealedBlob, { ...blob, kind: "entries" })).toBe(true);
  });

  it("M7: the body of one file under the head of another never opens", () => {
    const other = sealer.seal({ ...context, key: utf8("b") }, content, metadata);
    expect(refused(concat(sealed.slice(0, HEAD), other.slice(HEAD)))).toBe(true);
  });

  it("M8: sealed twice, nothing but the clear prefix and the name is the same", () => {
    const again = sealer.seal(context, content, metadata);
    expect(again.slice(0, PREFIX)).toEqual(sealed.slice(0, PREFIX));
    for (const [from, to] of [
      [PREFIX, PREFIX + 24],
      [PREFIX + 24, PREFIX + 56],
      [HEAD, HEAD + 24],
      [CHUNKS, CHUNKS + 32],
    ]) {
      expect(again.slice(from, to)).not.toEqual(sealed.slice(from, to));
    }
    expect(sealer.names(context)).toEqual(sealer.names(context));
  });

  it("M9: salts and body key are asked of the random source at every seal", () => {
    const asked: number[] = [];
    const random = (length: number) => {
      asked.push(length);
      return new Uint8Array(length).fill(7);
    };
    const stubbed = sealerWith({ crypto: { ...crypto, random }, aead }, keyring);
    stubbed.seal(context, content, metadata);
    stubbed.seal(context, content, metadata);
    expect(asked).toEqual([32, 24, 24, 32, 24, 24]);
  });

  it("M10: a wrong master under a forged key id is refused before any chunk is decrypted", () => {
    const wrong = MasterKey.generate();
    const forged = sealed.slice();
    forged.set(wrong.id, 16);
    let opens = 0;
    const suite = aead.suite(1);
    const spy: typeof suite = {
      ...suite,
      open(...sealed) {
        opens++;
        return suite.open(...sealed);
      },
    };
    const reading = sealerWith({ crypto, aead: { ...aead, suite: () => spy } }, Keyring.of(wrong));
    expect(() => reading.open(context, forged)).toThrow(expect.objectContaining({ code: "ERR_CACHE_AUTH" }));
    expect(opens).toBe(0);
  });

  it("M12: another suite, version, reserved bits or metadata length is a clean error", () => {
    const change = (at: number, value: number) => {
      const changed = sealed.slice();
      changed[at] = value;
      return () => sealer.open(context, changed);
    };
    const code = (code: string) => expect.objectContaining({ code });
    expect(change(9, 2)).toThrow(code("ERR_CACHE_AUTH"));
    expect(change(9, 3)).toThrow(code("ERR_CACHE_UNSUPPORTED_SUITE"));
    for (const version of [0, 2]) expect(change(8, version)).toThrow(code("ERR_CACHE_UNSUPPORTED_VERSION"));
    for (const at of [10, 11, 12, 13, 14]) expect(change(at, 255)).toThrow(code("ERR_CACHE_FORMAT"));
    expect(change(15, 0)).toThrow(code("ERR_CACHE_FORMAT"));
    expect(change(15, 171)).toThrow(code("ERR_CACHE_AUTH"));
  });

  it("M14 M15: a size or digest in the metadata that lies is refused though every tag holds", async () => {
    const body = { size: content.length, digest: crypto.sha256(content) };
    expect(contentOf(sealer.open(context, sealMessageFor(context, content, body)))).toEqual(content);
    const lies = [
      { ...body, size: content.length - 1 },
      { ...body, digest: crypto.sha256(utf8("other")) },
    ];
    for (const lie of lies) {
      const forged = sealMessageFor(context, content, lie);
      expect(refused(forged)).toBe(true);
      expect(await streamEnd(forged)).toBe("error");
    }
  });

  it("M16: content that does not hash to its name is refused though a key holder sealed it", () => {
    const promised = { namespace: "builds", kind: "blobs", key: crypto.sha256(utf8("promised")) } as const;
    const forged = sealMessageFor(promised, content, { size: content.length, digest: crypto.sha256(content) });
    expect(refused(forged, promised)).toBe(true);
    expect(() => sealer.seal(promised, content, metadata)).toThrow(TypeError);
  });

  it("M17: a damaged last chunk yields exactly the chunks before it, then an error for ever", async () => {
    const damaged = sealed.slice();
    damaged[damaged.length - 1] = (damaged[damaged.length - 1] as number) ^ 1;
    const opened = await sealer.openStream(context, reader(damaged), damaged.length);
    if (opened?.verdict !== "opened") throw new Error("the head is sound");
    const pieces = opened.content[Symbol.asyncIterator]();
    const got: Uint8Array[] = [];
    const drain = async () => {
      for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) got.push(next.value);
    };
    await expect(drain()).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
    expect(concat(...got)).toEqual(content.slice(0, 2 * 16_384));
    for (let i = 0; i < 3; i++) await expect(pieces.next()).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
  });

  it("M28: content above the limit is refused before it is opened", () => {
    const small = sealerWith({ crypto, aead }, keyring, { maxBufferedBytes: 1000 });
    expect(() => small.open(context, sealed)).toThrow(expect.objectContaining({ code: "ERR_CACHE_LIMIT" }));
  });

  it("M33: namespace and key are never confused", () => {
    const name = (namespace: string, key: string) => sealer.names({ namespace, kind: "entries", key: utf8(key) })[0];
    expect(name("ab", "c")).not.toEqual(name("a", "bc"));
    expect(name("", "ac")).not.toEqual(name("a", "c"));
  });
});

describe("providers", () => {
  it("M21: every pair writes the same bytes and opens what every other wrote", () => {
    for (const size of [0, 1, 16_383, 16_384, 16_385, 32_768, 1_048_576]) {
      const data = pattern(size);
      for (const suite of [1, 2] as const) {
        const written = providers.map(({ crypto: hashes, aead: ciphers }) => {
          const script = [range(1, 32), range(2, 24), range(3, 24)];
          const fixed = { ...hashes, random: () => script.shift() as Uint8Array };
          return sealerWith({ crypto: fixed, aead: ciphers }, Keyring.of(master), { suite }).seal(
            context,
            data,
            metadata,
          );
        });
        for (const each of written) expect(Buffer.compare(each, written[0] as Uint8Array)).toBe(0);
        const opened = contentOf(
          sealerWith(providers[3] as (typeof providers)[3], keyring).open(context, written[0] as Uint8Array),
        );
        expect(Buffer.compare(opened, data)).toBe(0);
      }
    }
  }, 120_000);

  it("M21: AES-256-GCM agrees with Web Crypto", async () => {
    const [key, nonce, data] = [range(9, 32), range(5, 12), pattern(16_384)].map((each) => new Uint8Array(each)) as [
      Uint8Array<ArrayBuffer>,
      Uint8Array<ArrayBuffer>,
      Uint8Array<ArrayBuffer>,
    ];
    const imported = await globalThis.crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
    const theirs = new Uint8Array(
      await globalThis.crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, imported, data),
    );
    expect(aead.suite(1).seal(key, nonce, data)).toEqual(theirs);
  });
});

describe("streams", () => {
  it("what was sealed as a stream opens as a buffer, in pieces of any length", async () => {
    for (const [size, piece] of [
      [0, 1],
      [16_384, 16_384],
      [300_000, 1000],
      [600_000, 599_999],
    ] as const) {
      const data = pattern(size);
      const stream = sealer.sealStream("builds", inPieces(data, piece), metadata);
      expect(() => stream.finish()).toThrow(TypeError);
      const parts: Uint8Array[] = [];
      for await (const part of stream.body) parts.push(part);
      const { head, digest } = stream.finish();
      const opened = sealer.open({ namespace: "builds", kind: "blobs", key: digest }, concat(head, ...parts));
      expect(Buffer.compare(contentOf(opened), data)).toBe(0);
    }
  });
});
