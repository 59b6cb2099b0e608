import { CacheError } from "@cache/core";
import { toHex } from "@cache/core/bytes";
import { crypto as nodeCrypto } from "@cache/core/crypto";
import { describe, expect, it } from "vitest";
import { aead as nodeAead } from "#aead";
import { aead as nobleAead } from "../src/aead/portable.ts";
import { selfTested } from "../src/aead/self-test.ts";
import { type Aead, openMessage, sealMessage } from "../src/hazmat.ts";
import { sealer as platformSealer, type Suite } from "../src/index.ts";
import { sealerWith } from "../src/sealer.ts";
import { addressByDocument, sealByDocument } from "./by-the-document.ts";
import {
  blob,
  entry,
  keyring,
  metadata,
  opened,
  pattern,
  providers,
  range,
  same,
  scripted,
  sealWith,
} from "./support.ts";

const SIZES = [0, 1, 16_383, 16_384, 16_385, 32_768, 1_048_576];
const RANDOM = [range(1, 32), range(2, 24), range(3, 24)] as const;
const MASTER = range(0, 32);
const SUITES: readonly Suite[] = [1, 2];

describe("every pair of providers", () => {
  for (const suite of SUITES) {
    it(`M21: writes the same bytes in suite ${suite}, and opens what every other wrote`, () => {
      for (const size of SIZES) {
        const data = pattern(size);
        const written = providers.map(({ crypto, aead }) => {
          const writer = sealerWith({ crypto: scripted(crypto, ...RANDOM), aead }, keyring, { suite });
          return writer.seal(entry("key"), data, metadata);
        });
        const [first] = written as [Uint8Array];
        expect(
          written.map((each) => same(each, first)),
          `${size} bytes`,
        ).toEqual(providers.map(() => true));
        for (const pair of providers) {
          const { content } = opened(sealerWith(pair, keyring).open(entry("key"), first));
          expect(same(content, data), `${size} bytes by ${pair.name}`).toBe(true);
        }
      }
    });
  }

  it("M21: writes what Web Crypto writes from the format document alone", async () => {
    const scriptedSealer = () =>
      sealerWith({ crypto: scripted(nodeCrypto, ...RANDOM), aead: nodeAead }, keyring, { suite: 1 });
    for (const size of SIZES) {
      const data = pattern(size);
      for (const context of [blob(data), entry("src/main.ts")]) {
        const expected = await sealByDocument(MASTER, context, data, metadata, RANDOM);
        expect(same(scriptedSealer().seal(context, data, metadata), expected), `${size} bytes`).toBe(true);
        expect(scriptedSealer().names(context)).toEqual([await addressByDocument(MASTER, context)]);
      }
    }
  });

  it("the platform's AES is written where it is native, ChaCha20 where it is not, and a suite can be pinned", () => {
    const suiteOf = (sealed: Uint8Array) => sealed[9];
    const seal = (by: ReturnType<typeof platformSealer>) => by.seal(entry("key"), pattern(3), metadata);
    expect(suiteOf(seal(platformSealer(keyring)))).toBe(1);
    expect(suiteOf(seal(platformSealer(keyring, { suite: 2 })))).toBe(2);
    expect(suiteOf(seal(sealerWith({ crypto: nodeCrypto, aead: nobleAead }, keyring)))).toBe(2);
    expect(suiteOf(seal(sealerWith({ crypto: nodeCrypto, aead: nobleAead }, keyring, { suite: 1 })))).toBe(1);
  });
});

for (const { name, suite } of [nodeAead, nobleAead]) {
  for (const number of SUITES) {
    describe(`suite ${number} by ${name}`, () => {
      const aead = suite(number);
      const [key, nonce] = [range(7, 32), range(9, 12)];

      it("M20: a key of 0, 16, 31 or 33 bytes is refused, and a nonce of 0, 1, 8, 11, 13, 16 or 24", () => {
        const sealed = sealWith(aead, key, nonce, pattern(20));
        for (const length of [0, 16, 31, 33]) {
          expect(() => sealWith(aead, new Uint8Array(length), nonce, pattern(20))).toThrow(TypeError);
          expect(() => aead.open(new Uint8Array(length), nonce, sealed)).toThrow(TypeError);
          const primitives = { crypto: nodeCrypto, aead };
          expect(() => sealMessage(primitives, new Uint8Array(length), range(0, 3), pattern(20))).toThrow(TypeError);
          expect(() => openMessage(primitives, new Uint8Array(length), range(0, 3), pattern(80))).toThrow(TypeError);
        }
        for (const length of [0, 1, 8, 11, 13, 16, 24]) {
          expect(() => sealWith(aead, key, new Uint8Array(length), pattern(20))).toThrow(TypeError);
          expect(() => aead.open(key, new Uint8Array(length), sealed)).toThrow(TypeError);
        }
      });

      it("room that is too short or too long for what is sealed is refused", () => {
        for (const length of [0, 20, 35, 37]) {
          expect(() => aead.seal(key, nonce, pattern(20), new Uint8Array(length))).toThrow(TypeError);
        }
      });

      it("plaintext is a plain Uint8Array on a buffer of its own, and inputs stay as they were", () => {
        const sealed = Buffer.from(sealWith(aead, key, nonce, pattern(20)));
        const before = toHex(sealed);
        const plaintext = aead.open(key, nonce, sealed);
        expect(Object.getPrototypeOf(plaintext)).toBe(Uint8Array.prototype);
        plaintext.fill(0);
        expect(toHex(sealed)).toBe(before);
        expect(aead.open(key, nonce, sealed)).toEqual(pattern(20));
        expect([key, nonce]).toEqual([range(7, 32), range(9, 12)]);
      });
    });
  }
}

describe("a platform whose cipher is wrong", () => {
  const right = nodeAead.suite(1);
  const faults: Readonly<Record<string, Partial<Aead>>> = {
    "seals to other bytes": { seal: (_key, _nonce, _plaintext, out) => void out.fill(1) },
    "is another cipher, both ways": {
      seal: (key, nonce, plaintext, out) => right.seal(key.toReversed(), nonce, plaintext, out),
      open: (key, nonce, sealed) => right.open(key.toReversed(), nonce, sealed),
    },
    "opens to other bytes": { open: (_key, _nonce, sealed) => new Uint8Array(sealed.byteLength - 16) },
    "refuses what it sealed": {
      open: () => {
        throw new CacheError("ERR_CACHE_AUTH", "refused");
      },
    },
    "believes every tag": {
      open: (key, nonce, sealed) => {
        const plaintext = sealed.slice(0, -16);
        const again = sealWith(right, key, nonce, plaintext);
        return again.slice(0, -16);
      },
    },
  };

  for (const [words, fault] of Object.entries(faults)) {
    it(`is not worked with when it ${words}`, () => {
      const suite = selfTested({ 1: { ...right, ...fault }, 2: nodeAead.suite(2) });
      for (let i = 0; i < 2; i++) expect(() => suite(1)).toThrow(expect.objectContaining({ code: "ERR_CACHE_CONFIG" }));
      expect(suite(2).label).toBe("AEAD_CHACHA20_POLY1305");
    });
  }

  it("is asked once, when the suite is first wanted", () => {
    let asked = 0;
    const seal: Aead["seal"] = (...args) => {
      asked += 1;
      right.seal(...args);
    };
    const suite = selfTested({ 1: { ...right, seal }, 2: nodeAead.suite(2) });
    suite(2);
    expect(asked).toBe(0);
    suite(1);
    suite(1);
    expect(asked).toBe(1);
  });
});
