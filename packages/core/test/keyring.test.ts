import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toHex } from "../src/bytes/index.ts";
import {
  addKey,
  decodeKeyring,
  encodeKeyring,
  formatKey,
  Keyring,
  keyringFromEnvironment,
  MasterKey,
  parseKey,
  parseKeyList,
  parseKeyring,
  promoteKey,
  removeKey,
  retireKey,
  revokeKey,
  SigningKey,
} from "../src/keyring/index.ts";

const sequence = Uint8Array.from({ length: 32 }, (_, i) => i);
const code = (code: string) => expect.objectContaining({ code });
const refusal = expect.objectContaining({ name: "CacheError" });

describe("keys", () => {
  it("M50: known answers of the format document; the subkeys differ", () => {
    const key = MasterKey.import(sequence);
    expect(formatKey(key)).toBe("cachek1.master.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh-itbk8");
    expect(toHex(key.id)).toBe("83ac1d850e2e8ea594e08bbee3717603");
    expect(toHex(key.subkey("envelope"))).toBe("630acef121adae407dfc855402c3d1c479e00e319a440465925e0163d7c77ca3");
    expect(toHex(key.subkey("address"))).toBe("f7f9560d4a529f2692d02af6e01ab91e2001cb3f7eb20ebd39ad13ca0d776b5d");
    expect(toHex(key.subkey("hmac-sign"))).toBe("6c7d7b34309086907f635dbd78cde25f340038f4925446b861aa5fe5d9fa2cb1");
    const signing = SigningKey.import(sequence);
    expect(toHex(signing.publicKey.bytes)).toBe("03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8");
    expect(formatKey(signing)).toBe("cachek1.ed25519-secret.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh_2mKrP");
    expect(formatKey(signing.publicKey)).toBe(
      "cachek1.ed25519-public.A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbglmTlr",
    );
    expect(parseKey(formatKey(signing)).id).toEqual(signing.id);
  });

  it("M36 M37: lists with empty items, odd or foreign digits, white space inside, or another length are refused", () => {
    const hex = toHex(MasterKey.generate().reveal());
    const good = [hex, `${hex},`.slice(0, -1), ` ${hex}\n`];
    for (const text of good) expect(parseKeyList(text)).toHaveLength(1);
    const bad = [
      "",
      " ",
      ",",
      `${hex},`,
      `,${hex}`,
      `${hex},,${hex}`,
      hex.slice(1),
      `${hex}0`,
      `0x${hex}`,
      `${hex.slice(0, 30)} ${hex.slice(30)}`,
    ];
    bad.push(`${hex}:`, `:${hex}`, "zz".repeat(32), hex.slice(2), `${hex}00`);
    for (const text of bad) expect(() => parseKeyList(text), JSON.stringify(text)).toThrow(refusal);
  });

  it("M37: base64 in one alphabet, canonical, of exactly 32 bytes", () => {
    const bytes = Uint8Array.from({ length: 32 }, (_, i) => (i * 37 + 251) % 256);
    const standard = Buffer.from(bytes).toString("base64");
    const url = Buffer.from(bytes).toString("base64url");
    for (const text of [standard, standard.slice(0, -1), url, `${url}=`])
      expect(parseKeyList(text)[0]?.type).toBe("master");
    const mixed = standard.includes("+") || standard.includes("/") ? `${standard.slice(0, 40)}-_=`.padEnd(44, "=") : "";
    const padded = `${url.slice(0, -1)}${url.endsWith("A") ? "B" : "_"}`;
    const wrong = [31, 33].map((length) => Buffer.alloc(length, 7).toString("base64"));
    for (const text of [mixed, padded, `${url}==`, ...wrong]) expect(() => parseKeyList(text), text).toThrow(refusal);
  });

  it("M38: a native string with one changed character, or of another type, is refused", () => {
    const text = formatKey(MasterKey.generate());
    for (let at = 0; at < text.length; at++) {
      for (const other of ["A", "b", "_", "."]) {
        if (text[at] === other) continue;
        expect(() => parseKey(text.slice(0, at) + other + text.slice(at + 1))).toThrow(refusal);
      }
    }
    expect(() => parseKey(text.replace("master", "ed25519-secret"))).toThrow(code("ERR_CACHE_KEY_FORMAT"));
  });

  it("M40: zeros, repeated bytes, printable text and short keys are refused", () => {
    const weak = [
      new Uint8Array(32),
      new Uint8Array(32).fill(7),
      Buffer.from("a passphrase of thirty-two chars"),
      Buffer.from("hello"),
      new Uint8Array(0),
    ];
    for (const bytes of weak) {
      expect(() => MasterKey.import(new Uint8Array(bytes))).toThrow(code("ERR_CACHE_WEAK_KEY"));
      expect(() => SigningKey.import(new Uint8Array(bytes))).toThrow(code("ERR_CACHE_WEAK_KEY"));
    }
  });

  it("M42: no way to print a key shows its secret", () => {
    const [master, signing] = [MasterKey.generate(), SigningKey.generate()];
    const ring = Keyring.of(master, signing);
    const shown = [master, signing, ring, { ring }].flatMap((each) => [
      String(each),
      JSON.stringify(each),
      inspect(each, { depth: 9, showHidden: true }),
      `${Object.entries(each)}`,
    ]);
    for (const secret of [master.reveal(), signing.reveal()]) {
      const forms = [
        toHex(secret),
        Buffer.from(secret).toString("base64"),
        Buffer.from(secret).toString("base64url"),
        [...secret.slice(0, 8)].join(", "),
        toHex(secret.slice(0, 8)),
      ];
      for (const form of forms) for (const text of shown) expect(text).not.toContain(form);
    }
  });
});

describe("keyrings", () => {
  const [a, b, c] = [MasterKey.generate(), MasterKey.generate(), MasterKey.generate()];

  it("the first of a list writes, the others read", () => {
    const ring = keyringFromEnvironment({ CACHE_KEYRING: `${formatKey(a)}, ${toHex(b.reveal())}` });
    expect(ring?.primary?.id).toEqual(a.id);
    expect(ring?.masters.map(({ id }) => id)).toEqual([a.id, b.id]);
    expect(keyringFromEnvironment({})).toBeUndefined();
    for (const text of ["", " ", "nonsense"])
      expect(() => keyringFromEnvironment({ CACHE_KEYRING: text })).toThrow(refusal);
  });

  it("M43: two keys of one id, a wrong id, an absent or unfit primary and a revoked key with a secret are refused", () => {
    expect(() => Keyring.of(a, a)).toThrow(code("ERR_CACHE_KEY_FORMAT"));
    const entry = (key: MasterKey, status: "active" | "retired") =>
      ({ id: key.id, type: "master", status, key }) as const;
    const make = (parts: Partial<ConstructorParameters<typeof Keyring>[0]>) => () =>
      new Keyring({ entries: [entry(a, "active")], generation: 1, ...parts });
    expect(make({ entries: [{ ...entry(a, "active"), id: b.id }] })).toThrow(refusal);
    expect(make({ primary: b.id })).toThrow(refusal);
    expect(make({ entries: [entry(a, "retired")], primary: a.id })).toThrow(refusal);
    expect(make({ primarySigner: a.id })).toThrow(code("ERR_CACHE_KEY_TYPE"));
    expect(make({ entries: [{ ...entry(a, "active"), status: "revoked" }] })).toThrow(refusal);
    expect(make({ entries: [{ id: a.id, type: "master", status: "active" }] })).toThrow(refusal);
  });

  it("rotation: add, promote, retire, revoke, remove; the primary cannot be taken away", () => {
    const promoted = promoteKey(addKey(Keyring.of(a), b), b.id);
    expect(promoted.primary?.id).toEqual(b.id);
    for (const change of [retireKey, revokeKey, removeKey])
      expect(() => change(promoted, b.id)).toThrow(code("ERR_CACHE_KEY_TYPE"));
    const retired = retireKey(promoted, a.id);
    expect(retired.masters.map(({ id }) => id)).toEqual([b.id, a.id]);
    expect(() => promoteKey(retired, a.id)).toThrow(refusal);
    const revoked = revokeKey(retired, a.id);
    expect(revoked.find(a.id)).toMatchObject({ status: "revoked" });
    expect(revoked.find(a.id)?.key).toBeUndefined();
    expect(revoked.masters).toHaveLength(1);
    expect(removeKey(revoked, a.id).find(a.id)).toBeUndefined();
    expect(() => retireKey(promoted, c.id)).toThrow(code("ERR_CACHE_UNKNOWN_KEY"));
    expect(encodeKeyring(revoked)).not.toContain(formatKey(a));
  });

  it("JSON round trip, with tombstones", () => {
    const ring = revokeKey(promoteKey(addKey(Keyring.of(a, SigningKey.generate()), b), b.id), a.id);
    const read = decodeKeyring(encodeKeyring(ring));
    expect(encodeKeyring(read)).toBe(encodeKeyring(ring));
  });

  it("M43: unknown fields, states, types, versions and wrong ids in a file are refused", () => {
    const file = () => JSON.parse(encodeKeyring(addKey(Keyring.of(a), b)));
    const changes: ((each: ReturnType<typeof file>) => void)[] = [
      (each) => (each.extra = 1),
      (each) => (each.version = 2),
      (each) => (each.format = "other"),
      (each) => (each.generation = -1),
      (each) => (each.generation = 1.5),
      (each) => (each.primary = "00".repeat(16)),
      (each) => (each.primary = each.primary.toUpperCase()),
      (each) => (each.keys = {}),
      (each) => (each.keys[0].status = "paused"),
      (each) => (each.keys[0].type = "ed25519-secret"),
      (each) => (each.keys[0].id = each.keys[1].id),
      (each) => (each.keys[0].created = "yesterday"),
      (each) => (each.keys[0].public = each.keys[0].secret),
      (each) => delete each.keys[0].secret,
      (each) => each.keys.push(each.keys[0]),
      (each) => (each.keys[1].status = "revoked"),
    ];
    expect(decodeKeyring(JSON.stringify(file())).masters).toHaveLength(2);
    for (const change of changes) {
      const changed = file();
      change(changed);
      expect(() => decodeKeyring(JSON.stringify(changed)), String(change)).toThrow(refusal);
    }
  });

  it("M49: an older generation is never taken in exchange", () => {
    const ring = Keyring.of(a);
    const newer = addKey(ring, b);
    expect(ring.succeed(newer)).toBe(newer);
    expect(() => newer.succeed(ring)).toThrow(code("ERR_CACHE_ROLLBACK"));
  });

  it("any text is a keyring or a coded refusal", () => {
    const jsonish = fc.json().map((text) => `{"format":"cache-keyring","version":1,"generation":1,"keys":${text}}`);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), jsonish), (text) => {
        try {
          expect(parseKeyring(text)).toBeInstanceOf(Keyring);
        } catch (error) {
          expect(error).toMatchObject({ name: "CacheError" });
        }
      }),
    );
  });
});
