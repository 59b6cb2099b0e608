import { utf8 } from "@cache/core/bytes";
import {
  addKey,
  Keyring,
  MasterKey,
  promoteKey,
  retireKey,
  revokeKey,
  SigningKey,
  VerifyingKey,
} from "@cache/core/keyring";
import { describe, expect, it } from "vitest";
import { ed25519Signer, hmacSigner } from "../src/index.ts";

const message = utf8("what is signed");

describe("algorithm confusion", () => {
  it("M54: an Ed25519 public key's bytes as an HMAC key forge nothing, and a switched algorithm byte is not believed", async () => {
    const signing = SigningKey.generate();
    const reader = ed25519Signer({ trusted: [signing.publicKey] });
    const forger = MasterKey.import(signing.publicKey.bytes);
    const forged = await hmacSigner(Keyring.of(forger)).sign(message);
    for (const algorithm of [0, 1, 3]) {
      const verdict = await reader.verify({ algorithm, keyId: signing.id }, message, forged);
      expect(verdict).toEqual({ verdict: "unknown-key" });
    }
    expect(await reader.verify({ algorithm: 2, keyId: signing.id }, message, forged)).toEqual({ verdict: "invalid" });
  });

  it("M54: an HMAC signer uses no key for an algorithm that the data names", async () => {
    const key = MasterKey.generate();
    const signer = hmacSigner(Keyring.of(key));
    const proof = await signer.sign(message);
    expect(await signer.verify({ algorithm: 2, keyId: key.id }, message, proof)).toEqual({ verdict: "unknown-key" });
    expect(await signer.verify({ algorithm: 1, keyId: key.id }, message, proof)).toMatchObject({ verdict: "valid" });
  });
});

describe("roles", () => {
  it("M39: a signer is not made of what is no keyring, as when a variable was not set", () => {
    for (const wrong of [undefined, null, "text", {}, 7]) {
      expect(() => hmacSigner(wrong as never)).toThrow(TypeError);
      if (wrong !== undefined) expect(() => ed25519Signer({ trusted: wrong as never })).toThrow(TypeError);
    }
  });

  it("a reader with public keys only cannot sign", () => {
    const reader = ed25519Signer({ trusted: [SigningKey.generate().publicKey] });
    expect(reader.identity).toBeUndefined();
    expect(() => reader.sign(message)).toThrow(expect.objectContaining({ code: "ERR_CACHE_READ_ONLY" }));
  });

  it("M55: with a keyring as trust, a key that is not in it and a master key in it are nobody's to believe", async () => {
    const [stranger, master] = [SigningKey.generate(), MasterKey.generate()];
    const reader = ed25519Signer({ trusted: Keyring.of(master, SigningKey.generate()) });
    const proof = await ed25519Signer({ identity: stranger }).sign(message);
    for (const keyId of [stranger.id, master.id]) {
      expect(await reader.verify({ algorithm: 2, keyId }, message, proof)).toEqual({ verdict: "unknown-key" });
    }
  });

  it("nobody believes more keys than a person can oversee", () => {
    const keys = (count: number) => Array.from({ length: count }, () => SigningKey.generate().publicKey);
    expect(() => ed25519Signer({ trusted: keys(16) })).not.toThrow();
    expect(() => ed25519Signer({ trusted: keys(17) })).toThrow(expect.objectContaining({ code: "ERR_CACHE_LIMIT" }));
  });

  it("a signer that could neither sign nor verify is refused, with a word on what to give", () => {
    const [masters, signers] = [Keyring.of(MasterKey.generate()), Keyring.of(SigningKey.generate())];
    for (const options of [{}, { identity: masters.primarySigner }, { trusted: undefined }])
      expect(() => ed25519Signer(options)).toThrow(/needs an identity, .* or trusted/);
    expect(() => ed25519Signer({ trusted: masters })).toThrow(/no Ed25519 key; .* hmacSigner/);
    for (const keyring of [signers, Keyring.of()])
      expect(() => hmacSigner(keyring)).toThrow(/needs a keyring with a master key/);
  });

  it("keys that come later, or are revoked, make a signer all the same", () => {
    const [master, signing] = [MasterKey.generate(), SigningKey.generate()];
    let keyring = Keyring.of();
    const signers = [ed25519Signer({ trusted: () => keyring }), hmacSigner(() => keyring)];
    expect(signers.map(({ identity }) => identity)).toEqual([undefined, undefined]);
    keyring = addKey(addKey(Keyring.of(MasterKey.generate(), SigningKey.generate()), master), signing);
    expect(signers[1]?.identity).toBeDefined();
    expect(() => ed25519Signer({ trusted: revokeKey(Keyring.of(signing.publicKey), signing.id) })).not.toThrow();
  });

  it("a keyring in the place of the options is told how it is given", () => {
    const keyring = Keyring.of(SigningKey.generate());
    for (const given of [keyring, () => keyring])
      expect(() => ed25519Signer(given as never)).toThrow("{ identity: keyring.primarySigner, trusted: keyring }");
    expect(() => ed25519Signer({ identity: keyring.primarySigner, trusted: keyring })).not.toThrow();
  });

  it("M55: a sound proof by a key that nobody named is not believed, and who names none believes none", async () => {
    const stranger = SigningKey.generate();
    const proof = await ed25519Signer({ identity: stranger }).sign(message);
    const header = { algorithm: 2, keyId: stranger.id };
    expect(await ed25519Signer({ identity: stranger }).verify(header, message, proof)).toMatchObject({
      verdict: "valid",
    });
    const reader = ed25519Signer({ trusted: [SigningKey.generate().publicKey] });
    expect(await reader.verify(header, message, proof)).toEqual({ verdict: "unknown-key" });
    expect(await ed25519Signer({ trusted: [] }).verify(header, message, proof)).toEqual({ verdict: "unknown-key" });
  });

  it("M60: a proof of another length is not believed and throws nothing", async () => {
    const master = MasterKey.generate();
    const signing = SigningKey.generate();
    for (const length of [0, 1, 31, 33, 63, 65, 4096]) {
      const proof = new Uint8Array(length);
      const hmac = await hmacSigner(Keyring.of(master)).verify({ algorithm: 1, keyId: master.id }, message, proof);
      const edwards = await ed25519Signer({ identity: signing }).verify(
        { algorithm: 2, keyId: signing.id },
        message,
        proof,
      );
      expect([hmac.verdict, edwards.verdict]).toEqual(["invalid", "invalid"]);
    }
  });

  it("M61: a public key of small order does not load", () => {
    const zero = VerifyingKey.import(new Uint8Array(32));
    expect(() => ed25519Signer({ trusted: [zero] })).toThrow(expect.objectContaining({ code: "ERR_CACHE_KEY_FORMAT" }));
  });
});

describe("rotation of a live signer", () => {
  it("M48: a promoted key signs at the next call, and the retired one is still believed and marked", async () => {
    const [first, second] = [MasterKey.generate(), MasterKey.generate()];
    let keyring = Keyring.of(first);
    const signer = hmacSigner(() => keyring);
    const old = await signer.sign(message);
    keyring = retireKey(promoteKey(addKey(keyring, second), second.id), first.id);
    expect(signer.identity?.keyId).toEqual(second.id);
    const verdict = await signer.verify({ algorithm: 1, keyId: first.id }, message, old);
    expect(verdict).toEqual({ verdict: "valid", retired: true });
  });

  it("M46: a proof that was believed and remembered is refused once its key is revoked", async () => {
    const [first, second] = [SigningKey.generate(), SigningKey.generate()];
    let keyring = promoteKey(addKey(Keyring.of(first), second), second.id);
    const proof = await ed25519Signer({ identity: first }).sign(message);
    const reader = ed25519Signer({ trusted: () => keyring });
    const header = { algorithm: 2, keyId: first.id };
    for (let i = 0; i < 2; i++) expect(await reader.verify(header, message, proof)).toMatchObject({ verdict: "valid" });
    keyring = revokeKey(keyring, first.id);
    expect(await reader.verify(header, message, proof)).toEqual({ verdict: "revoked-key" });
  });

  it("M46: who signs with a key that its keyring revokes meanwhile neither believes it any more nor signs with it", async () => {
    const [first, second] = [SigningKey.generate(), SigningKey.generate()];
    let keyring = promoteKey(addKey(Keyring.of(first), second), second.id);
    const signer = ed25519Signer({ identity: first, trusted: () => keyring });
    const header = { algorithm: 2, keyId: first.id };
    const proof = await signer.sign(message);
    expect(await signer.verify(header, message, proof)).toEqual({ verdict: "valid", retired: false });
    keyring = retireKey(keyring, first.id);
    expect(await signer.verify(header, message, proof)).toEqual({ verdict: "valid", retired: true });
    keyring = revokeKey(keyring, first.id);
    expect(await signer.verify(header, message, proof)).toEqual({ verdict: "revoked-key" });
    expect(signer.standing?.(header)).toEqual({ verdict: "revoked-key" });
    const revoked = expect.objectContaining({ code: "ERR_CACHE_REVOKED_KEY" });
    await expect(async () => signer.sign(message)).rejects.toThrow(revoked);
  });
});
