import { concat, utf8 } from "@cache/core/bytes";
import { Keyring, MasterKey } from "@cache/core/keyring";
import { describe, expect, it } from "vitest";
import { openMessage } from "../src/hazmat.ts";
import { deriveKeys } from "../src/message/derive.ts";
import { chunkNonce } from "../src/message/nonce.ts";
import { sealerWith } from "../src/sealer.ts";
import { collide } from "./collision.ts";
import { entry, metadata, native, pattern, range, reader, sealer, spied } from "./support.ts";

const refused = expect.objectContaining({ code: "ERR_CACHE_AUTH" });

describe("commitment", () => {
  it("M10: another master under a forged key id is refused before any chunk is decrypted", async () => {
    const content = pattern(1_000);
    const wrong = MasterKey.generate();
    const forged = sealer.seal(entry("key"), content, metadata);
    forged.set(wrong.id, 16);
    const { aead, opens } = spied(native.aead.suite(1));
    const providers = { crypto: native.crypto, aead: { ...native.aead, suite: () => aead } };
    const reading = sealerWith(providers, Keyring.of(wrong));
    const range = { start: 0, end: 1 };
    expect(() => reading.open(entry("key"), forged)).toThrow(refused);
    await expect(reading.openStream(entry("key"), reader(forged), forged.length)).rejects.toEqual(refused);
    await expect(reading.openRange(entry("key"), reader(forged), forged.length, range)).rejects.toEqual(refused);
    expect(opens()).toBe(0);
  });

  it("M11: a ciphertext that really decrypts under two keys is refused under the one it does not commit to", () => {
    const { aead, opens } = spied(native.aead.suite(1));
    const primitives = { crypto: native.crypto, aead };
    const [salt, context] = [range(9, 24), utf8("context")];
    const inputs = [range(1, 32), range(101, 32)] as const;
    const [one, two] = inputs.map((input) => deriveKeys(primitives, input, salt, context)) as [
      ReturnType<typeof deriveKeys>,
      ReturnType<typeof deriveKeys>,
    ];
    const chunk = collide({ key: one.key, nonce: one.baseNonce }, { key: two.key, nonce: two.baseNonce });
    // The cipher alone believes both.
    const plaintexts = [one, two].map(({ key, baseNonce }) => native.aead.suite(1).open(key, baseNonce, chunk));
    expect(plaintexts[0]).not.toEqual(plaintexts[1]);
    const message = (keys: typeof one) => concat(salt, keys.commitment, chunk);
    expect(openMessage(primitives, inputs[0], context, message(one))).toEqual(plaintexts[0]);
    expect(openMessage(primitives, inputs[1], context, message(two))).toEqual(plaintexts[1]);
    expect(opens()).toBe(2);
    expect(() => openMessage(primitives, inputs[1], context, message(one))).toThrow(refused);
    expect(() => openMessage(primitives, inputs[0], context, message(two))).toThrow(refused);
    expect(opens()).toBe(2);
  });
});

describe("the nonce of a chunk", () => {
  const base = new Uint8Array(12);
  const at = (index: number) => [...chunkNonce(base, index)];

  it("is the base with the index as one big-endian number, beyond 32 bits too", () => {
    expect(at(0)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(at(1)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect(at(0x0102)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2]);
    expect(at(0x80000000)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0, 0]);
    expect(at(2 ** 32)).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
    expect(at(2 ** 38 - 1)).toEqual([0, 0, 0, 0, 0, 0, 0, 0x3f, 255, 255, 255, 255]);
    expect([...chunkNonce(new Uint8Array(12).fill(255), 2 ** 38 - 1)]).toEqual([
      ...Array(7).fill(255),
      0xc0,
      0,
      0,
      0,
      0,
    ]);
  });

  it("leaves the base as it was", () => {
    chunkNonce(base, 77);
    expect(base).toEqual(new Uint8Array(12));
  });
});
