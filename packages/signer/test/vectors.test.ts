import { readFileSync } from "node:fs";
import { fromHex, toHex, utf8 } from "@cache/core/bytes";
import { crypto as nodeCrypto } from "@cache/core/crypto";
import { crypto as nobleCrypto } from "@cache/core/crypto/portable";
import { Keyring, MasterKey, SigningKey } from "@cache/core/keyring";
import { encodeRecord, RecordKind } from "@cache/core/record";
import { describe, expect, it } from "vitest";
import { checkPublicKey } from "../src/ed25519/check-public-key.ts";
import { ed25519 as node } from "../src/ed25519/node.ts";
import { ed25519 as noble } from "../src/ed25519/portable.ts";
import { ed25519SignerWith } from "../src/ed25519-signer.ts";
import { hmacSigner } from "../src/index.ts";

const bytes = (hex: string): Uint8Array => fromHex(hex) as Uint8Array;
const load = (file: string) => JSON.parse(readFileSync(new URL(`vectors/${file}`, import.meta.url), "utf8"));

const seed = Uint8Array.from({ length: 32 }, (_, i) => i);
const content = utf8("hello, cache\n");
const statement = {
  kind: RecordKind.entry,
  ...{ created: 1_700_000_000_000, expires: 1_700_086_400_000, sequence: 7 },
  ...{ size: content.byteLength, digest: nodeCrypto.sha256(content) },
  ...{ namespace: "builds", key: utf8("src/main.ts"), writer: "ci-1", metadata: new Uint8Array(0) },
};

describe("known answers of the format document", () => {
  it("HMAC header and tag", async () => {
    const record = await encodeRecord(statement, hmacSigner(Keyring.of(MasterKey.import(seed))));
    expect(toHex(record.subarray(0, 32))).toBe("89435349470d0a1a0101005f0000000083ac1d850e2e8ea594e08bbee3717603");
    expect(toHex(record.subarray(-32))).toBe("5b90ece6f063e99dda62953233c01d6fa71172597906793700fba8f11d4faec8");
  });

  for (const provider of [node, noble]) {
    it(`Ed25519 header and signature, by ${provider.name}`, async () => {
      const record = await encodeRecord(statement, ed25519SignerWith(provider, { identity: SigningKey.import(seed) }));
      expect(toHex(record.subarray(0, 32))).toBe("89435349470d0a1a0102005f000000006d576a2d12cefd46eadf5f5d28b3a422");
      expect(toHex(record.subarray(-64))).toBe(
        "c2c18b93d0e101ece0a774ab2c33092fd8f1f4af6b3718fa6ac9d915fbd89926" +
          "f789f529e8d4ed8380d5f70f80dd9cbad26c48fd310d908a115cfff9ff5d9606",
      );
    });
  }
});

interface HmacGroup {
  readonly tagSize: number;
  readonly tests: readonly { tcId: number; key: string; msg: string; tag: string; result: string }[];
}

describe("Wycheproof HMAC-SHA-256", () => {
  for (const crypto of [nodeCrypto, nobleCrypto]) {
    it(`every case, by ${crypto.name}`, () => {
      let cases = 0;
      for (const { tagSize, tests } of load("hmac_sha256_test.json").testGroups as HmacGroup[]) {
        for (const { tcId, key, msg, tag, result } of tests) {
          // Truncation is this test's: the product never shortens a tag.
          const computed = crypto.hmac("sha256", bytes(key), bytes(msg)).subarray(0, tagSize / 8);
          expect(crypto.equal(computed, bytes(tag)), `case ${tcId}`).toBe(result === "valid");
          cases++;
        }
      }
      expect(cases).toBeGreaterThan(100);
    });
  }
});

interface EdgeCase {
  readonly number: number;
  readonly key: string;
  readonly sig: string;
  readonly msg: string;
}

const NEUTRAL = `01${"00".repeat(31)}`;

const loads = (key: string): boolean => {
  try {
    checkPublicKey(bytes(key));
    return true;
  } catch {
    return false;
  }
};

describe("C2SP/CCTV Ed25519 edge cases", () => {
  const cases = load("cctv_ed25519vectors.json") as EdgeCase[];

  it("M61: unsound public keys do not load: 28 of 914 cases are left, and on those the providers agree", () => {
    expect(cases).toHaveLength(914);
    const left = cases.filter(({ key }) => loads(key));
    expect(left).toHaveLength(28);
    expect(left.some(({ sig }) => sig.startsWith(NEUTRAL))).toBe(true);
    for (const { number, key, sig, msg } of left) {
      const verdict = node.verifier(bytes(key))(utf8(msg), bytes(sig));
      // R is the neutral point, on which the versions of OpenSSL disagree.
      if (sig.startsWith(NEUTRAL)) expect(verdict, `case ${number}`).toBe(false);
      expect(noble.verifier(bytes(key))(utf8(msg), bytes(sig)), `case ${number}`).toBe(verdict);
    }
  });
});

describe("RFC 8032 section 7.1", () => {
  const secret = bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
  const publicKey = bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const message = bytes("72");
  const signature = bytes(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  );

  for (const provider of [node, noble]) {
    it(`test 2, by ${provider.name}`, () => {
      expect(provider.signer(secret)(message)).toEqual(signature);
      expect(provider.verifier(publicKey)(message, signature)).toBe(true);
    });

    it(`M61: no flipped bit, no other length and no S at or above L verifies, by ${provider.name}`, () => {
      const verify = provider.verifier(publicKey);
      for (let bit = 0; bit < 512; bit++) {
        const flipped = signature.slice();
        flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(verify(message, flipped), `bit ${bit}`).toBe(false);
      }
      for (const length of [0, 63]) expect(verify(message, signature.slice(0, length))).toBe(false);
      expect(verify(message, new Uint8Array([...signature, 0]))).toBe(false);
      expect(verify(message, addOrder(signature))).toBe(false);
    });
  }
});

/** The same signature with S + L, which a careless verifier takes for another spelling of S. */
function addOrder(signature: Uint8Array): Uint8Array {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const s = signature.subarray(32).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n) + order;
  const out = signature.slice();
  for (let i = 0; i < 32; i++) out[32 + i] = Number((s >> BigInt(8 * i)) & 255n);
  return out;
}
