import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { aead as nodeAead } from "#aead";
import { aead as nobleAead } from "../src/aead/portable.ts";
import type { Aead } from "../src/hazmat.ts";
import { bytes, codeOf, sealWith } from "./support.ts";

interface Case {
  readonly tcId: number;
  readonly key: string;
  readonly iv: string;
  readonly aad: string;
  readonly msg: string;
  readonly ct: string;
  readonly tag: string;
  readonly result: "valid" | "invalid";
}

interface Group {
  readonly ivSize: number;
  readonly keySize: number;
  readonly tagSize: number;
  readonly tests: readonly Case[];
}

/** What `open` answers: the plaintext, or the code of its refusal. */
function answer(aead: Aead, { key, iv, ct, tag }: Case): Uint8Array | string {
  try {
    return aead.open(bytes(key), bytes(iv), bytes(ct + tag));
  } catch (error) {
    return codeOf(error);
  }
}

const FILES = [
  { file: "aes_gcm_test.json", suite: 1, applicable: 48 },
  { file: "chacha20_poly1305_test.json", suite: 2, applicable: 45 },
] as const;

for (const { file, suite, applicable } of FILES) {
  const { testGroups } = JSON.parse(readFileSync(new URL(`vectors/${file}`, import.meta.url), "utf8"));
  const groups = testGroups as readonly Group[];
  const fits = ({ ivSize, keySize, tagSize }: Group): boolean => ivSize === 96 && keySize === 256 && tagSize === 128;

  for (const provider of [nodeAead, nobleAead]) {
    describe(`Wycheproof ${file}, by ${provider.name}`, () => {
      const aead = provider.suite(suite);

      // The port takes no associated data, so cases with some do not apply.
      it("every case of the suite's lengths without associated data", () => {
        const cases = groups.filter(fits).flatMap(({ tests }) => tests.filter(({ aad }) => aad === ""));
        expect(cases).toHaveLength(applicable);
        for (const each of cases) {
          const { tcId, key, iv, msg, ct, tag, result } = each;
          expect(answer(aead, each), `case ${tcId}`).toEqual(result === "valid" ? bytes(msg) : "ERR_CACHE_AUTH");
          if (result === "valid")
            expect(sealWith(aead, bytes(key), bytes(iv), bytes(msg)), `case ${tcId}`).toEqual(bytes(ct + tag));
        }
      });

      it("M20: every case with a nonce or key of another length is refused as wrong use, sealing and opening", () => {
        const odd = groups.filter((group) => !fits(group)).flatMap(({ tests }) => tests);
        expect(odd.length).toBeGreaterThan(8);
        for (const { tcId, key, iv, msg, ct, tag } of odd) {
          expect(() => aead.open(bytes(key), bytes(iv), bytes(ct + tag)), `case ${tcId}`).toThrow(TypeError);
          expect(() => sealWith(aead, bytes(key), bytes(iv), bytes(msg)), `case ${tcId}`).toThrow(TypeError);
        }
      });

      it("M19: a tag cut to 0, 4, 8, 12 or 15 bytes is refused, though its bytes are right", () => {
        const [key, nonce] = [new Uint8Array(32), new Uint8Array(12)];
        for (const message of [new Uint8Array(0), new Uint8Array(40)]) {
          const sealed = sealWith(aead, key, nonce, message);
          expect(aead.open(key, nonce, sealed)).toEqual(message);
          for (const kept of [0, 4, 8, 12, 15]) {
            const cut = sealed.slice(0, message.length + kept);
            expect(() => aead.open(key, nonce, cut)).toThrow(expect.objectContaining({ code: "ERR_CACHE_AUTH" }));
          }
        }
      });
    });
  }
}
