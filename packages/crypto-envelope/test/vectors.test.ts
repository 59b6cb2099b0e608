import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import { crypto } from "@cache/core/crypto";
import { describe, expect, it } from "vitest";
import { aead as nodeAead } from "../src/aead/node.ts";
import { aead as nobleAead } from "../src/aead/portable.ts";
import type { Aead } from "../src/aead/provider.ts";
import { openMessage, openMessageStream } from "../src/hazmat.ts";
import { bytes, inPieces } from "./support.ts";

const load = (file: string) => JSON.parse(readFileSync(new URL(`vectors/${file}`, import.meta.url), "utf8"));

interface AeadGroup {
  readonly ivSize: number;
  readonly keySize: number;
  readonly tagSize: number;
  readonly tests: readonly AeadCase[];
}

interface AeadCase {
  readonly tcId: number;
  readonly key: string;
  readonly iv: string;
  readonly aad: string;
  readonly msg: string;
  readonly ct: string;
  readonly tag: string;
  readonly result: string;
}

/** The port has no associated data: everything is bound in the key derivation. So cases with some do not apply. */
function checkCase(aead: Aead, { tcId, key, iv, msg, ct, tag, result }: AeadCase): void {
  const sealed = bytes(ct + tag);
  const opened = aead.open(bytes(key), bytes(iv), sealed);
  if (result === "valid") {
    expect(opened && new Uint8Array(opened), `case ${tcId}`).toEqual(bytes(msg));
    expect(aead.seal(bytes(key), bytes(iv), bytes(msg)), `case ${tcId}`).toEqual(sealed);
  } else {
    expect(opened, `case ${tcId}`).toBeUndefined();
  }
}

for (const provider of [nodeAead, nobleAead]) {
  for (const [file, suite] of [
    ["aes_gcm_test.json", 1],
    ["chacha20_poly1305_test.json", 2],
  ] as const) {
    describe(`Wycheproof ${file}, by ${provider.name}`, () => {
      const groups = load(file).testGroups as AeadGroup[];
      const aead = provider.suite(suite);

      it("every case with a 256-bit key, a 96-bit nonce, a 128-bit tag and no associated data", () => {
        const cases = groups
          .filter(({ ivSize, keySize, tagSize }) => ivSize === 96 && keySize === 256 && tagSize === 128)
          .flatMap(({ tests }) => tests.filter(({ aad }) => aad === ""));
        for (const each of cases) checkCase(aead, each);
        expect(cases.length).toBeGreaterThan(20);
      });

      it("M20: another nonce or key length is refused", () => {
        const odd = groups.filter(({ ivSize, keySize }) => ivSize !== 96 || keySize !== 256);
        for (const { key, iv, ct, tag } of odd.flatMap(({ tests }) => tests)) {
          expect(() => aead.open(bytes(key), bytes(iv), bytes(ct + tag))).toThrow(TypeError);
        }
        expect(odd.length).toBeGreaterThan(0);
      });

      it("M19: a shortened tag is not accepted", () => {
        const [key, nonce] = [new Uint8Array(32), new Uint8Array(12)];
        const sealed = aead.seal(key, nonce, new Uint8Array(0));
        for (const length of [0, 4, 8, 12, 15]) expect(aead.open(key, nonce, sealed.slice(0, length))).toBeUndefined();
        expect(aead.open(key, nonce, sealed)).toBeDefined();
      });
    });
  }
}

interface ChunkedCase {
  readonly tcId: number;
  readonly key: string;
  readonly ctx: string;
  readonly ct: string;
  readonly msgLength?: number;
  readonly msgSha512?: string;
  readonly result: string;
  readonly flags: readonly string[];
}

/** AES-128 only exercises the construction; nothing here is stored with it. */
const aes128: Aead = {
  label: "AEAD_AES_128_GCM",
  keyLength: 16,
  seal(key, nonce, plaintext) {
    const cipher = createCipheriv("aes-128-gcm", key, nonce);
    return new Uint8Array(Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]));
  },
  open(key, nonce, sealed) {
    if (sealed.byteLength < 16) return undefined;
    const cipher = createDecipheriv("aes-128-gcm", key, nonce, { authTagLength: 16 });
    cipher.setAuthTag(sealed.subarray(-16));
    const plaintext = cipher.update(sealed.subarray(0, -16));
    try {
      cipher.final();
      return plaintext;
    } catch {
      return undefined;
    }
  },
};

const primitives = { crypto, aead: aes128 };
const sha512 = (...parts: Uint8Array[]) => {
  const hash = createHash("sha512");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
};

async function readStream(each: ChunkedCase, sealed: Uint8Array) {
  const parts: Uint8Array[] = [];
  try {
    const pieces = openMessageStream(primitives, bytes(each.key), bytes(each.ctx), inPieces(sealed, 5_000));
    for await (const piece of pieces) parts.push(piece);
    return { parts, clean: true };
  } catch {
    return { parts, clean: false };
  }
}

describe("C2SP chunked encryption", () => {
  const cases = (
    load("c2sp_chunked_encryption_aes_128_gcm_test.json").testGroups as { tests: ChunkedCase[] }[]
  ).flatMap(({ tests }) => tests);

  it("M18: every case, whole and as a stream; a failing stream releases the stated prefix and never ends cleanly", async () => {
    expect(cases).toHaveLength(35);
    for (const each of cases) {
      const sealed = new Uint8Array(inflateSync(bytes(each.ct)));
      const whole = () => openMessage(primitives, bytes(each.key), bytes(each.ctx), sealed);
      const { parts, clean } = await readStream(each, sealed);
      expect(clean, `case ${each.tcId}`).toBe(each.result === "valid");
      if (each.result === "valid") expect(sha512(whole()), `case ${each.tcId}`).toBe(each.msgSha512);
      else expect(whole, `case ${each.tcId}`).toThrow();
      if (each.result === "valid" || each.flags.includes("PartialPlaintext")) {
        expect(sha512(...parts), `case ${each.tcId}`).toBe(each.msgSha512);
      } else {
        expect(parts, `case ${each.tcId}`).toEqual([]);
      }
    }
  });
});
