import { createPrivateKey, createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { toHex } from "@cache/core/bytes";
import { exportPem, importPem, isPem, MasterKey, SigningKey, type VerifyingKey } from "@cache/core/keyring";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { code, outcome, secretBytes, sequence } from "./keys.ts";

/** A file that OpenSSL wrote. */
const vector = (name: string): string => readFileSync(new URL(`vectors/pem/${name}.pem`, import.meta.url), "utf8");

const PRIVATE = vector("plain.private");
const PUBLIC = vector("plain.public");

/** RFC 8410, section 10. */
const RFC = {
  public: `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
`,
  private: `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----
`,
  withAttributes: `-----BEGIN PRIVATE KEY-----
MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB
Z9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PRIVATE KEY-----
`,
};

describe("a PEM key", () => {
  it("of OpenSSL is read, and written to the same byte", () => {
    const key = importPem(PRIVATE) as SigningKey;
    expect([key.type, toHex(key.reveal())]).toEqual(["ed25519-secret", toHex(sequence)]);
    expect(exportPem(key)).toBe(PRIVATE);
    expect(importPem(PUBLIC)).toEqual(key.publicKey);
    expect(exportPem(key.publicKey)).toBe(PUBLIC);
  });

  it("is that of the examples of RFC 8410", () => {
    const key = importPem(RFC.private) as SigningKey;
    expect(toHex(key.reveal())).toBe("d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842");
    expect(exportPem(key.publicKey)).toBe(RFC.public);
    expect(outcome(() => importPem(RFC.withAttributes))).toBe("ERR_CACHE_KEY_FORMAT");
  });

  it("that is written is read again, and by OpenSSL", () => {
    fc.assert(
      fc.property(secretBytes, (seed) => {
        const key = SigningKey.import(seed);
        expect((importPem(exportPem(key)) as SigningKey).reveal()).toEqual(seed);
        expect((importPem(exportPem(key.publicKey)) as VerifyingKey).bytes).toEqual(key.publicKey.bytes);
        const theirs = createPublicKey(createPrivateKey(exportPem(key))).export({ format: "pem", type: "spki" });
        expect(theirs).toBe(exportPem(key.publicKey));
      }),
      { numRuns: 20 },
    );
  });

  it("with the line ends of Windows, or without the last, is read", () => {
    expect(importPem(PUBLIC.replaceAll("\n", "\r\n"))).toEqual(importPem(PUBLIC));
    expect(importPem(PUBLIC.trimEnd())).toEqual(importPem(PUBLIC));
  });

  it.each([
    ["encrypted.private", "ERR_CACHE_PASSPHRASE"],
    ["x25519.private", "ERR_CACHE_KEY_FORMAT"],
    ["x25519.public", "ERR_CACHE_KEY_FORMAT"],
    ["ed448.private", "ERR_CACHE_KEY_FORMAT"],
    ["p256.private", "ERR_CACHE_KEY_FORMAT"],
    ["p256.sec1", "ERR_CACHE_KEY_TYPE"],
    ["certificate", "ERR_CACHE_KEY_TYPE"],
    ["with-text.private", "ERR_CACHE_KEY_FORMAT"],
  ])("that is not a plain Ed25519 key is refused: %s", (name, refused) => {
    expect(outcome(() => importPem(vector(name)))).toBe(refused);
  });

  it("is one block with nothing beside it", () => {
    const others = [
      PRIVATE + PUBLIC,
      PUBLIC + PUBLIC,
      `a comment\n${PUBLIC}`,
      `\n${PUBLIC}`,
      `${PUBLIC}\n`,
      `${PUBLIC}more`,
      PUBLIC.replace("END PUBLIC", "END PRIVATE"),
      PUBLIC.replaceAll("PUBLIC", "PRIVATE"),
      PRIVATE.replaceAll("PRIVATE", "PUBLIC"),
      PUBLIC.replace("\nMCow", "\n\nMCow"),
      PUBLIC.replace("MCow", "MCow\n"),
      PUBLIC.replace("MCow", " MCow"),
      PUBLIC.replace("=\n", "\n"),
      PUBLIC.replace("=\n", "==\n"),
      "",
      "-----BEGIN PUBLIC KEY-----\n",
    ];
    for (const text of others)
      expect(
        outcome(() => importPem(text)),
        text,
      ).toBe("ERR_CACHE_KEY_FORMAT");
  });

  it("has one form: no other character gives the same key", () => {
    for (const text of [PUBLIC, PRIVATE]) {
      const at = text.indexOf("\n") + 1;
      for (let i = 0; i < text.length; i++) {
        const changed = `${text.slice(0, i)}${text[i] === "B" ? "C" : "B"}${text.slice(i + 1)}`;
        if (changed === text) continue;
        let read: unknown;
        try {
          read = importPem(changed);
        } catch {
          continue;
        }
        // What is left are other keys: only characters of the key's own bytes may differ.
        expect(i).toBeGreaterThanOrEqual(at + 15);
        expect(exportPem(read as SigningKey)).toBe(changed);
      }
    }
  });

  it("that is weak is refused", () => {
    const weak = exportPem({ type: "ed25519-secret", reveal: () => new Uint8Array(32) } as SigningKey);
    expect(outcome(() => importPem(weak))).toBe("ERR_CACHE_WEAK_KEY");
  });

  it("is never repeated by what refuses it", () => {
    const secret = PRIVATE.split("\n")[1] as string;
    const texts = [PRIVATE.replace("MC4C", "MC4D"), `${PRIVATE}x`, PRIVATE.replaceAll("PRIVATE", "ENCRYPTED PRIVATE")];
    for (const text of texts) {
      expect(() => importPem(text)).toThrow(expect.objectContaining({ name: "CacheError" }));
      expect(() => importPem(text)).not.toThrow(secret.slice(20, 40));
    }
  });

  it("is told from other texts by its first characters", () => {
    expect([PUBLIC, PRIVATE, vector("p256.sec1")].map(isPem)).toEqual([true, true, true]);
    expect(["", "cachek1.", "{}", "-".repeat(43)].map(isPem)).toEqual([false, false, false, false]);
  });

  it("is of an Ed25519 key, and text", () => {
    expect(() => exportPem(MasterKey.generate() as never)).toThrow(TypeError);
    expect(() => importPem(new Uint8Array() as never)).toThrow(TypeError);
    expect(() => importPem(vector("encrypted.private"))).toThrow(code("ERR_CACHE_PASSPHRASE") as Error);
  });
});
