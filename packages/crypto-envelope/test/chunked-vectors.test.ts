import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import { CacheError } from "@cache/core";
import { toHex } from "@cache/core/bytes";
import { crypto as nodeCrypto } from "@cache/core/crypto";
import { crypto as nobleCrypto } from "@cache/core/crypto/portable";
import { gcm } from "@noble/ciphers/aes.js";
import { describe, expect, it } from "vitest";
import { type Aead, openMessage, openMessageStream, type Primitives, sealMessage, strict } from "../src/hazmat.ts";
import { deriveKeys } from "../src/message/derive.ts";
import { openChunks } from "../src/message/stream.ts";
import { bytes, inPieces, joined, same, scripted, spied } from "./support.ts";

interface Case {
  readonly tcId: number;
  readonly key: string;
  readonly ctx: string;
  readonly ct: string;
  readonly aeadKey?: string;
  readonly baseNonce?: string;
  readonly msgLength?: number;
  readonly msgSha512?: string;
  readonly result: "valid" | "invalid";
  readonly flags: readonly string[];
}

const refused = (): CacheError => new CacheError("ERR_CACHE_AUTH", "refused");

/** AES-128 only exercises the construction; no envelope is made with it. */
const byNode: Aead = strict({
  label: "AEAD_AES_128_GCM",
  keyLength: 16,
  seal(key, nonce, plaintext, out) {
    const cipher = createCipheriv("aes-128-gcm", key, nonce, { authTagLength: 16 });
    out.set(Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]));
  },
  open(key, nonce, sealed) {
    const cipher = createDecipheriv("aes-128-gcm", key, nonce, { authTagLength: 16 });
    cipher.setAuthTag(sealed.subarray(-16));
    const plaintext = cipher.update(sealed.subarray(0, -16));
    try {
      cipher.final();
    } catch {
      throw refused();
    }
    return plaintext;
  },
});

const byNoble: Aead = strict({
  label: "AEAD_AES_128_GCM",
  keyLength: 16,
  seal: (key, nonce, plaintext, out) => out.set(gcm(key, nonce).encrypt(plaintext)),
  open(key, nonce, sealed) {
    try {
      return gcm(key, nonce).decrypt(sealed);
    } catch {
      throw refused();
    }
  },
});

const sha512 = (data: Uint8Array): string => createHash("sha512").update(data).digest("hex");

const file = new URL("vectors/c2sp_chunked_encryption_aes_128_gcm_test.json", import.meta.url);
const cases = (JSON.parse(readFileSync(file, "utf8")).testGroups as { tests: Case[] }[]).flatMap(({ tests }) => tests);
const messageOf = ({ ct }: Case): Uint8Array => new Uint8Array(inflateSync(bytes(ct)));
const valid = cases.filter(({ result }) => result === "valid");
const invalid = cases.filter(({ result }) => result === "invalid");

/** Reads a stream to its end: what came out, and how it ended. */
async function streamed(primitives: Primitives, { key, ctx }: Case, message: Uint8Array, piece: number) {
  const parts: Uint8Array[] = [];
  const stream = openMessageStream(primitives, bytes(key), bytes(ctx), inPieces(message, piece));
  const ended = await (async () => {
    for await (const part of stream) parts.push(part);
  })().then(
    () => "cleanly",
    () => "with an error",
  );
  return { plaintext: Buffer.concat(parts), ended };
}

for (const primitives of [
  { crypto: nodeCrypto, aead: byNode },
  { crypto: nobleCrypto, aead: byNode },
  { crypto: nodeCrypto, aead: byNoble },
]) {
  const name = `${primitives.crypto.name} hashes, AES-128 by ${primitives.aead === byNode ? "node" : "noble"}`;

  describe(`C2SP chunked encryption, by ${name}`, () => {
    it("there are 35 cases, 10 of them valid", () => {
      expect([cases.length, valid.length]).toEqual([35, 10]);
    });

    it("valid messages open, whole and by stream, and are made again byte for byte", async () => {
      for (const each of valid) {
        const message = messageOf(each);
        const plaintext = openMessage(primitives, bytes(each.key), bytes(each.ctx), message);
        expect([plaintext.length, sha512(plaintext)], `case ${each.tcId}`).toEqual([each.msgLength, each.msgSha512]);
        const again = { ...primitives, crypto: scripted(primitives.crypto, message.slice(0, 24)) };
        const sealed = sealMessage(again, bytes(each.key), bytes(each.ctx), plaintext);
        expect(same(sealed, message), `case ${each.tcId}`).toBe(true);
        const stream = await streamed(primitives, each, message, 5_000);
        expect([stream.ended, sha512(stream.plaintext)], `case ${each.tcId}`).toEqual(["cleanly", each.msgSha512]);
      }
    });

    it("invalid messages never open whole", () => {
      for (const each of invalid) {
        const open = () => openMessage(primitives, bytes(each.key), bytes(each.ctx), messageOf(each));
        const kind = each.flags.includes("InvalidKeySize") ? TypeError : CacheError;
        expect(open, `case ${each.tcId}`).toThrow(kind);
      }
    });

    it("M18: a stream of an invalid message yields exactly the chunks before the damage and never ends cleanly", async () => {
      for (const each of invalid) {
        const message = messageOf(each);
        for (const piece of [1_000, 16_400, message.length || 1]) {
          const { plaintext, ended } = await streamed(primitives, each, message, piece);
          expect(ended, `case ${each.tcId}`).toBe("with an error");
          const expected = each.flags.includes("PartialPlaintext") ? each.msgSha512 : sha512(new Uint8Array(0));
          expect(sha512(plaintext), `case ${each.tcId}`).toBe(expected);
        }
      }
    });

    it("the derived key and nonce are those of the vectors", () => {
      const stated = cases.filter(({ aeadKey }) => aeadKey !== undefined);
      expect(stated.length).toBeGreaterThan(20);
      for (const { tcId, key, ctx, aeadKey, baseNonce, ...each } of stated) {
        const salt = messageOf({ tcId, key, ctx, ...each }).slice(0, 24);
        const keys = deriveKeys(primitives, bytes(key), salt, bytes(ctx));
        expect([toHex(keys.key), toHex(keys.baseNonce)], `case ${tcId}`).toEqual([aeadKey, baseNonce]);
      }
    });

    it("a message that fails in its head has no chunk decrypted", () => {
      const { aead, opens } = spied(primitives.aead);
      for (const each of invalid.filter(({ flags }) => flags.includes("HeaderFailure"))) {
        const open = () => openMessage({ ...primitives, aead }, bytes(each.key), bytes(each.ctx), messageOf(each));
        expect(open, `case ${each.tcId}`).toThrow();
      }
      expect(opens()).toBe(0);
    });

    it("a last chunk on its own opens only where it is valid at its index", async () => {
      for (const each of cases.filter(({ aeadKey }) => aeadKey !== undefined)) {
        const message = messageOf(each);
        const index = Math.floor((message.length - 56) / 16_400);
        const keys = deriveKeys(primitives, bytes(each.key), message.slice(0, 24), bytes(each.ctx));
        const tail = inPieces(message.subarray(56 + index * 16_400), 20_000);
        const opening = joined(openChunks(primitives, keys, tail, { first: index, toEnd: true }));
        const opens = await opening.then(
          () => true,
          () => false,
        );
        expect(opens, `case ${each.tcId}`).toBe(each.result === "valid" || each.flags.includes("ValidFinalChunk"));
      }
    });
  });
}
