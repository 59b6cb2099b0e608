import {
  addKey,
  decodeKeyring,
  encodeKeyring,
  formatKey,
  type KeyEntry,
  Keyring,
  keyringGetter,
  MasterKey,
  type Purpose,
  promoteKey,
  removeKey,
  retireKey,
  revokeKey,
  SigningKey,
} from "@cache/core/keyring";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toHex } from "../src/bytes/index.ts";
import { code, secretBytes } from "./keys.ts";

const [a, b, c] = [MasterKey.generate(), MasterKey.generate(), MasterKey.generate()];
const purposes: readonly Purpose[] = ["envelope", "address", "hmac-sign"];

const entryOf = (key: MasterKey | SigningKey, more: Partial<KeyEntry> = {}): KeyEntry => ({
  ...{ id: key.id, type: key.type, status: "active", key },
  ...more,
});

describe("keys", () => {
  it("M50: subkeys, id and master of one key are all different", () => {
    fc.assert(
      fc.property(secretBytes, (bytes) => {
        const key = MasterKey.import(bytes);
        const all = [...purposes.map((purpose) => key.subkey(purpose)), bytes].map(toHex);
        expect(new Set(all).size).toBe(4);
        for (const each of all) expect(each.slice(0, 32)).not.toBe(toHex(key.id));
      }),
    );
  });

  it("a key is a copy: whoever erases the bytes it came from, or bytes it gave, does not change it", () => {
    const bytes = MasterKey.generate().reveal();
    const [master, signing] = [MasterKey.import(bytes), SigningKey.import(bytes)];
    const answers = purposes.map((purpose) => toHex(master.subkey(purpose)));
    const buffers = [bytes.slice(), Buffer.from(bytes), Buffer.concat([bytes]).subarray(0)];
    for (const buffer of buffers) {
      const [late, lateSigning] = [MasterKey.import(buffer), SigningKey.import(buffer)];
      buffer.fill(0);
      expect(purposes.map((purpose) => toHex(late.subkey(purpose)))).toEqual(answers);
      for (const purpose of purposes) late.subkey(purpose).fill(0);
      for (const key of [late, lateSigning]) key.reveal().fill(0);
      expect(purposes.map((purpose) => toHex(late.subkey(purpose)))).toEqual(answers);
      expect([late.reveal(), lateSigning.reveal(), lateSigning.id]).toEqual([bytes, bytes, signing.id]);
    }
  });

  it("two keys made one after the other differ", () => {
    expect(MasterKey.generate().id).not.toEqual(MasterKey.generate().id);
    expect(SigningKey.generate().id).not.toEqual(SigningKey.generate().id);
  });
});

describe("what a keyring is made of", () => {
  it("the first master and the first signing key of a list write, all read", () => {
    const [first, second] = [SigningKey.generate(), SigningKey.generate()];
    const ring = Keyring.of(first, a, second, b);
    expect([ring.primary, ring.primarySigner, ring.generation]).toEqual([a, first, 1]);
    expect(ring.masters).toEqual([a, b]);
  });

  it("M43: two keys of one id, a wrong id, an absent or unfit primary and a revoked key with a secret are refused", () => {
    const make = (parts: Partial<ConstructorParameters<typeof Keyring>[0]>) => () =>
      new Keyring({ entries: [entryOf(a)], generation: 1, ...parts });
    const signing = SigningKey.generate();
    const format = code("ERR_CACHE_KEY_FORMAT");
    expect(make({ primary: a.id })).not.toThrow();
    expect(() => Keyring.of(a, a)).toThrow(format);
    expect(() => Keyring.of(signing, signing.publicKey)).toThrow(format);
    expect(make({ entries: [entryOf(a, { id: b.id })] })).toThrow(format);
    expect(make({ entries: [entryOf(a, { type: "ed25519-secret" })] })).toThrow(format);
    expect(make({ primary: b.id })).toThrow(format);
    expect(make({ primary: new Uint8Array(0) })).toThrow(format);
    for (const status of ["retired", "revoked"] as const) {
      const key = status === "revoked" ? undefined : a;
      expect(make({ entries: [entryOf(a, { status, key })], primary: a.id })).toThrow(format);
    }
    expect(make({ primarySigner: a.id })).toThrow(code("ERR_CACHE_KEY_TYPE"));
    expect(make({ entries: [entryOf(signing)], primary: signing.id })).toThrow(code("ERR_CACHE_KEY_TYPE"));
    expect(make({ entries: [entryOf(a, { status: "revoked" })] })).toThrow(format);
    expect(make({ entries: [entryOf(a, { key: undefined })] })).toThrow(format);
  });

  it("nothing is taken that could be written and then not be read again", () => {
    const make =
      (entry: Partial<KeyEntry>, generation = 1) =>
      () =>
        new Keyring({ entries: [entryOf(a, entry)], generation });
    const format = code("ERR_CACHE_KEY_FORMAT");
    for (const generation of [-1, 1.5, Number.NaN, Infinity, 2 ** 53]) expect(make({}, generation)).toThrow(format);
    for (const date of ["yesterday", "2026-01-01", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z", ""]) {
      expect(make({ created: date }), date).toThrow(format);
      expect(make({ revoked: date }), date).toThrow(format);
    }
    for (const length of [0, 15, 17]) {
      expect(make({ id: new Uint8Array(length), status: "revoked", key: undefined })).toThrow(format);
    }
    expect(make({ status: "paused" as "active" })).toThrow(format);
    expect(make({ created: "2028-02-29T23:59:59.5Z" }, 0)).not.toThrow();
  });

  it("at most 64 keys, at most 16 that read", () => {
    const make = (readable: number, revoked: number) => () =>
      new Keyring({
        entries: Array.from({ length: readable + revoked }, (_, i) =>
          entryOf(MasterKey.generate(), i < readable ? {} : { status: "revoked", key: undefined }),
        ),
        generation: 1,
      });
    expect(make(16, 48)).not.toThrow();
    expect(make(17, 0)).toThrow(code("ERR_CACHE_KEY_FORMAT"));
    expect(make(0, 65)).toThrow(code("ERR_CACHE_KEY_FORMAT"));
  });

  it("reads with the primary first, then with the newest, and last with those whose age nobody knows", () => {
    const dates = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.500Z", undefined, "2026-03-01T00:00:00Z", undefined];
    const keys = dates.map(() => MasterKey.generate());
    const ring = new Keyring({
      entries: keys.map((key, i) => entryOf(key, { created: dates[i] })),
      primary: keys[4]?.id,
      generation: 1,
    });
    expect(ring.masters.map((key) => keys.indexOf(key))).toEqual([4, 3, 1, 0, 2]);
  });

  it("M44: an id that is not in it, or is none, finds no key", () => {
    const ring = Keyring.of(a, b);
    for (const id of [c.id, new Uint8Array(0), a.id.subarray(1), new Uint8Array(17)]) {
      expect(ring.find(id)).toBeUndefined();
    }
    expect(ring.find(Uint8Array.from(b.id))?.key).toBe(b);
  });

  it("does not change with what it was made from", () => {
    const entry = { ...entryOf(a) };
    const entries = [entry];
    const ring = new Keyring({ entries, generation: 1 });
    Object.assign(entry, { status: "revoked", key: undefined });
    entries.push({ ...entryOf(b) });
    expect(ring.entries).toEqual([entryOf(a)]);
  });
});

describe("rotation", () => {
  it("add, promote, retire, revoke, remove, each one generation on; the primary cannot be taken away", () => {
    const promoted = promoteKey(addKey(Keyring.of(a), b), b.id);
    expect([promoted.primary, promoted.generation]).toEqual([b, 3]);
    for (const change of [retireKey, revokeKey, removeKey]) {
      expect(() => change(promoted, b.id)).toThrow(code("ERR_CACHE_KEY_TYPE"));
      expect(() => change(promoted, c.id)).toThrow(code("ERR_CACHE_UNKNOWN_KEY"));
    }
    const retired = retireKey(promoted, a.id);
    expect([retired.masters, retired.generation]).toEqual([[b, a], 4]);
    const revoked = revokeKey(retired, a.id);
    expect([revoked.masters, revoked.generation]).toEqual([[b], 5]);
    const removed = removeKey(revoked, a.id);
    expect([removed.find(a.id), removed.generation]).toEqual([undefined, 6]);
  });

  it("M46: a revoked key reads no more, is for good, and comes back by no way", () => {
    const revoked = revokeKey(promoteKey(addKey(Keyring.of(a), b), b.id), a.id);
    expect(revoked.find(a.id)).toMatchObject({ status: "revoked", revoked: expect.any(String) });
    expect([revoked.find(a.id)?.key, revoked.masters]).toEqual([undefined, [b]]);
    expect(encodeKeyring(revoked)).not.toContain(formatKey(a));
    expect(() => promoteKey(revoked, a.id)).toThrow(code("ERR_CACHE_KEY_FORMAT"));
    expect(() => retireKey(revoked, a.id)).toThrow(code("ERR_CACHE_REVOKED_KEY"));
    expect(() => addKey(revoked, a)).toThrow(code("ERR_CACHE_KEY_FORMAT"));
    const again = revokeKey(revoked, a.id);
    expect(again.find(a.id)?.revoked).toBe(revoked.find(a.id)?.revoked);
  });

  it("M48: a retired key is not promoted, a public key never is, and the first key of a kind writes at once", () => {
    const retired = retireKey(promoteKey(addKey(Keyring.of(a), b), b.id), a.id);
    expect(() => promoteKey(retired, a.id)).toThrow(code("ERR_CACHE_KEY_FORMAT"));
    const signing = SigningKey.generate();
    const withPublic = addKey(retired, signing.publicKey);
    expect(() => promoteKey(withPublic, signing.id)).toThrow(code("ERR_CACHE_KEY_TYPE"));
    expect(withPublic.primarySigner).toBeUndefined();
    const other = SigningKey.generate();
    expect(addKey(withPublic, other)).toMatchObject({ primarySigner: other, primary: b });
    expect(addKey(Keyring.of(other), a)).toMatchObject({ primarySigner: other, primary: a });
  });

  it("M49: an older generation is never taken in exchange", () => {
    const ring = Keyring.of(a);
    const newer = addKey(ring, b);
    expect([ring.succeed(newer), newer.succeed(newer)]).toEqual([newer, newer]);
    expect(() => newer.succeed(ring)).toThrow(code("ERR_CACHE_ROLLBACK"));
  });

  it("M48: whoever was given a function has the new primary at the next question", () => {
    let ring = Keyring.of(a);
    const source = () => ring;
    ring = promoteKey(addKey(ring, b), b.id);
    expect(keyringGetter(source)().primary).toBe(b);
    expect(keyringGetter(ring)()).toBe(ring);
  });

  it("M39: what is no keyring is refused at once, and so is what a function gives instead of one", () => {
    for (const wrong of [undefined, null, 0, "keys", {}, [], true]) {
      expect(() => keyringGetter(wrong as never)).toThrow(TypeError);
      expect(keyringGetter((() => wrong) as never)).toThrow(TypeError);
      expect(() => Keyring.of(wrong as never)).toThrow(TypeError);
    }
  });

  it("M43 M46 M48: no series of changes, refused ones among them, leads to a keyring that contradicts itself", () => {
    const pool = [
      ...Array.from({ length: 4 }, () => MasterKey.generate()),
      SigningKey.generate(),
      SigningKey.generate(),
    ];
    const keys = [...pool, SigningKey.generate().publicKey];
    const step = fc.record({
      change: fc.constantFrom("add", "promote", "retire", "revoke", "remove"),
      which: fc.nat({ max: keys.length - 1 }),
    });
    const changes = { promote: promoteKey, retire: retireKey, revoke: revokeKey, remove: removeKey };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let ring = Keyring.of(a);
        for (const { change, which } of steps) {
          const key = keys[which] as (typeof keys)[number];
          let next: Keyring;
          try {
            next = change === "add" ? addKey(ring, key) : changes[change](ring, key.id);
          } catch (error) {
            expect(error).toMatchObject({ name: "CacheError" });
            continue;
          }
          expect(next.generation).toBe(ring.generation + 1);
          expectSound(next);
          ring = next;
        }
      }),
    );
  });
});

/** The rules of the format document, section 6.4, read off the keyring and off its file. */
function expectSound(ring: Keyring): void {
  const text = encodeKeyring(ring);
  expect(encodeKeyring(decodeKeyring(text))).toBe(text);
  for (const { id, type, status, key } of ring.entries) {
    expect(key === undefined).toBe(status === "revoked");
    const writes = [ring.primary?.id, ring.primarySigner?.id].some(
      (each) => each !== undefined && toHex(each) === toHex(id),
    );
    if (writes) expect([type, status]).toEqual([expect.not.stringContaining("public"), "active"]);
    expect(ring.masters.some((master) => master.id === id)).toBe(type === "master" && status !== "revoked");
  }
  expect(ring.masters[0]).toBe(ring.primary);
  expect(text.match(/cachek1\./g) ?? []).toHaveLength(ring.entries.filter(({ status }) => status !== "revoked").length);
}
