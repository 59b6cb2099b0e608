import { toHex, utf8 } from "@cache/core/bytes";
import { addKey, Keyring, MasterKey, promoteKey, retireKey, revokeKey, SigningKey } from "@cache/core/keyring";
import { describe, expect, it } from "vitest";
import * as entryPoint from "../src/index.ts";
import { sealerWith } from "../src/sealer.ts";
import {
  blob,
  entry,
  inPieces,
  keyring,
  master,
  metadata,
  native,
  opened,
  outcome,
  pattern,
  reader,
  streamOutcome,
} from "./support.ts";

const { sealer } = entryPoint;
const content = pattern(500);
const context = entry("key");
const [a, b] = [MasterKey.generate(), MasterKey.generate()];
const onlyA = Keyring.of(a);
const both = promoteKey(addKey(onlyA, b), b.id);
const retired = retireKey(both, a.id);
const revoked = revokeKey(both, a.id);

describe("a sealer with several keys", () => {
  const byA = sealer(onlyA).seal(context, content, metadata);

  it("a keyring that is asked for anew reaches a running sealer: promotion, retirement, revocation", () => {
    let current = onlyA;
    const running = sealer(() => current);
    const keyOf = (sealed: Uint8Array) => toHex(sealed.subarray(16, 32));
    expect(keyOf(running.seal(context, content, metadata))).toBe(toHex(a.id));
    current = both;
    expect(keyOf(running.seal(context, content, metadata))).toBe(toHex(b.id));
    expect(opened(running.open(context, byA)).retired).toBe(false);
    current = retired;
    expect(opened(running.open(context, byA)).retired).toBe(true);
    current = revoked;
    expect(outcome(context, byA, running)).toBe("ERR_CACHE_REVOKED_KEY");
  });

  it("names: the primary's first, then those of the other keys that read, and none of a revoked one", () => {
    const names = (ring: Keyring) => sealer(ring).names(context).map(toHex);
    expect(names(both)).toEqual([...names(Keyring.of(b)), ...names(onlyA)]);
    expect(names(retired)).toEqual(names(both));
    expect(names(revoked)).toEqual(names(Keyring.of(b)));
  });

  it("M44: what an unknown key wrote is foreign by every way to open, and never an error", async () => {
    const other = sealer(Keyring.of(b));
    expect(other.open(context, byA)).toEqual({ verdict: "foreign", code: "ERR_CACHE_UNKNOWN_KEY" });
    expect(await other.openStream(context, reader(byA), byA.length)).toEqual({
      verdict: "foreign",
      code: "ERR_CACHE_UNKNOWN_KEY",
    });
    expect(await other.openRange(context, reader(byA), byA.length, { start: 0, end: 5 })).toEqual({
      verdict: "foreign",
      code: "ERR_CACHE_UNKNOWN_KEY",
    });
  });

  it("M45: what another key wrote stays foreign when it is damaged, so no wrong key can have it set aside", async () => {
    const damaged = byA.slice(0, -3).fill(7, 40);
    expect(outcome(context, damaged, sealer(Keyring.of(b)))).toBe("ERR_CACHE_UNKNOWN_KEY");
    expect(await streamOutcome(context, damaged, sealer(Keyring.of(b)))).toBe("ERR_CACHE_UNKNOWN_KEY");
    expect(outcome(context, damaged, sealer(onlyA))).toBe("ERR_CACHE_AUTH");
  });

  it("an Ed25519 key with the id that an envelope names is no key for it", () => {
    const signing = SigningKey.generate();
    const forged = byA.slice();
    forged.set(signing.id, 16);
    expect(outcome(context, forged, sealer(Keyring.of(a, signing)))).toBe("ERR_CACHE_UNKNOWN_KEY");
    expect(sealer(Keyring.of(a, signing)).inspect(forged)?.state).toBe("unknown");
  });

  it("M46: a revoked key opens nothing, by every way to open", async () => {
    const by = sealer(revoked);
    expect(outcome(context, byA, by)).toBe("ERR_CACHE_REVOKED_KEY");
    expect(await streamOutcome(context, byA, by)).toBe("ERR_CACHE_REVOKED_KEY");
    const range = { start: 0, end: 5 };
    expect(await by.openRange(context, reader(byA), byA.length, range)).toMatchObject({ verdict: "foreign" });
  });

  it("M39: a sealer is not made of what is no keyring, as when a variable was not set", () => {
    for (const wrong of [undefined, null, "text", {}, 7]) expect(() => sealer(wrong as never)).toThrow(TypeError);
  });

  it("M48: without a primary nothing is sealed, and what is there still opens", async () => {
    const { entries, generation } = retired;
    const reading = sealer(new Keyring({ entries, generation }));
    const readOnly = expect.objectContaining({ code: "ERR_CACHE_READ_ONLY" });
    expect(() => reading.seal(context, content, metadata)).toThrow(readOnly);
    expect(() => reading.sealStream("builds", inPieces(content, 9), metadata)).toThrow(readOnly);
    expect(outcome(context, byA, reading)).toBe("opened");
    expect(reading.names(context)).toHaveLength(2);
  });

  it("a keyring with no master that reads has no names to give", () => {
    const none = sealer(Keyring.of(SigningKey.generate()));
    expect(() => none.names(context)).toThrow(expect.objectContaining({ code: "ERR_CACHE_KEY_TYPE" }));
    expect(outcome(context, byA, none)).toBe("ERR_CACHE_UNKNOWN_KEY");
  });

  it("M50: the subkeys of any master are three different keys", () => {
    for (let i = 0; i < 200; i++) {
      const key = MasterKey.generate();
      const subkeys = (["envelope", "address", "hmac-sign"] as const).map((purpose) => toHex(key.subkey(purpose)));
      expect(new Set([...subkeys, toHex(key.reveal())]).size).toBe(4);
    }
  });
});

describe("what was never sealed", () => {
  it("M27: a plaintext file planted under a right name is refused", async () => {
    for (const planted of [content, utf8("#!/bin/sh\n"), pattern(40_000)]) {
      expect(outcome(blob(planted), planted)).toBe("ERR_CACHE_FORMAT");
      expect(await streamOutcome(blob(planted), planted)).toBe("ERR_CACHE_FORMAT");
    }
  });

  it("M32: neither an empty, a damaged nor a foreign file counts as there", async () => {
    const by = sealerWith(native, keyring);
    const sealed = by.seal(blob(content), content, metadata);
    const foreign = sealer(onlyA).seal(blob(content), content, metadata);
    for (const file of [new Uint8Array(0), sealed.slice(0, 100), sealed.slice().fill(0, 100, 120), foreign]) {
      expect(outcome(blob(content), file, by)).not.toBe("opened");
      expect(await streamOutcome(blob(content), file, by)).not.toBe("opened");
    }
  });
});

describe("inspect", () => {
  const sealed = sealerWith(native, keyring).seal(context, content, metadata);

  it("tells the key that a prefix names and whether it is known, from the first 32 bytes", () => {
    const by = sealerWith(native, keyring);
    expect(by.inspect(sealed.slice(0, 32))).toEqual({ keyId: master.id, state: "readable" });
    expect(sealer(onlyA).inspect(sealed)).toEqual({ keyId: master.id, state: "unknown" });
    expect(sealer(revoked).inspect(sealer(onlyA).seal(context, content, metadata))?.state).toBe("revoked");
  });

  it("claims nothing of what is no envelope of a version it knows", () => {
    const by = sealerWith(native, keyring);
    for (const bytes of [
      new Uint8Array(0),
      sealed.slice(0, 31),
      content,
      Uint8Array.from(sealed, (byte, i) => (i === 8 ? 2 : byte)),
    ])
      expect(by.inspect(bytes)).toBeUndefined();
  });

  it("gives an id of its own, which later changes to the bytes do not reach", () => {
    const bytes = Buffer.from(sealed);
    const by = sealerWith(native, keyring);
    const answer = by.inspect(bytes);
    const { keyId } = opened(by.open(context, bytes));
    bytes.fill(0);
    expect([answer?.keyId, keyId]).toEqual([master.id, master.id]);
  });
});

describe("the entry point", () => {
  it("gives a sealing user the sealer and the keys, and nothing else", () => {
    expect(Object.keys(entryPoint).sort()).toEqual([
      "Keyring",
      "MasterKey",
      "keyringFromEnvironment",
      "parseKeyring",
      "sealer",
    ]);
  });
});
