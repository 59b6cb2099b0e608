import { createHash } from "node:crypto";
import type { Signer } from "@cache/core";
import { Keyring, MasterKey, SigningKey } from "@cache/core/keyring";
import { encodeRecord, RecordKind, recordLength } from "@cache/core/record";
import { ed25519Signer, hmacSigner } from "@cache/signer";
import { describe, expect, it } from "vitest";
import {
  type Cosigned,
  cosignBundle,
  createBundle,
  extractBundle,
  extractionCache,
  inspectCosignature,
  runBundle,
  verifyBundle,
} from "../src/index.ts";
import { identity, MEMBERS, master, stranger, TRUSTED, text, useBench } from "./bench.ts";

const bench = useBench();
const [second, third] = [SigningKey.generate(), SigningKey.generate()];
const everybody = [identity, second, third].map(({ publicKey }) => publicKey);
const trusted = ed25519Signer({ trusted: everybody });
const DAY = 86_400_000;

const cosign = (key: SigningKey, more: object = {}) =>
  cosignBundle(bench().file, { name: "tool", sign: ed25519Signer({ identity: key, trusted: everybody }), ...more });
const verify = (threshold: number, signatures: readonly Uint8Array[], more: object = {}) =>
  verifyBundle(bench().file, { name: "tool", sign: trusted, cosigned: { threshold, signatures }, ...more });
const TOO_FEW = { code: "ERR_CACHE_UNSIGNED" };
const hex = ({ id }: SigningKey) => Buffer.from(id).toString("hex");

describe("a package that several keys have to sign", () => {
  it("is believed with as many as are demanded, its maker among them", async () => {
    await bench().make();
    const signatures = [await cosign(second), await cosign(third)];
    expect((await verify(1, [])).cosignedBy).toEqual([]);
    expect((await verify(3, signatures)).cosignedBy).toEqual([hex(second), hex(third)]);
    expect((await verify(2, signatures.slice(1))).cosignedBy).toEqual([hex(third)]);
    await expect(verify(2, [])).rejects.toMatchObject({ ...TOO_FEW, cause: undefined });
    await expect(verify(4, signatures)).rejects.toMatchObject(TOO_FEW);
  });

  it("is neither extracted nor run with fewer", async () => {
    await bench().make({ launch: { command: "bin/tool" } });
    const options = { name: "tool", sign: trusted, cosigned: { threshold: 2, signatures: [] } };
    await expect(extractBundle(bench().file, bench().path("out"), options)).rejects.toMatchObject(TOO_FEW);
    expect(bench().names()).toEqual(["tool.bundle"]);
    const cache = extractionCache(bench().path("cache"));
    await expect(runBundle(bench().file, { ...options, cache })).rejects.toMatchObject(TOO_FEW);
  });

  it("counts a key once, however often it signed, and its maker's not again", async () => {
    await bench().make();
    const one = await cosign(second);
    await expect(verify(3, [one, one, await cosign(second, { created: 1 })])).rejects.toMatchObject(TOO_FEW);
    await expect(cosign(identity)).rejects.toThrow(/counts already/);
  });

  it("counts nothing about another package, another name, or the same contents made again", async () => {
    await bench().make();
    const about = await cosign(second);
    await bench().make({ sequence: 1 });
    await expect(verify(2, [about])).rejects.toMatchObject(TOO_FEW);
    await bench().make({ name: "other" });
    const other = await cosign(second, { name: "other" });
    await bench().make();
    await expect(verify(2, [other])).rejects.toMatchObject(TOO_FEW);
    expect((await verify(2, [about])).cosignedBy).toHaveLength(1);
  });

  it("counts no stranger, no shared key, nothing that is over, and nothing that was changed", async () => {
    await bench().make();
    const sound = await cosign(second);
    const strangers = ed25519Signer({ identity: stranger, trusted: everybody });
    const byStranger = await cosignBundle(bench().file, { name: "tool", sign: strangers });
    await expect(verify(2, [byStranger])).rejects.toMatchObject({ ...TOO_FEW, cause: expect.any(AggregateError) });
    const over = await cosign(second, { created: 1, expires: 2, now: () => 1 });
    await expect(verify(2, [over])).rejects.toMatchObject(TOO_FEW);
    expect((await verify(2, [await cosign(second, { expires: Date.now() + DAY })])).cosignedBy).toHaveLength(1);
    for (let at = 0; at < sound.byteLength; at++) {
      const changed = Uint8Array.from(sound);
      changed[at] = (changed[at] as number) ^ 1;
      await expect(verify(2, [changed]), `${at}`).rejects.toMatchObject(TOO_FEW);
      await expect(verify(2, [sound.slice(0, at)]), `${at}`).rejects.toMatchObject(TOO_FEW);
    }
    const shared = hmacSigner(Keyring.of(master));
    await createBundle(bench().file, MEMBERS, { name: "tool", sign: shared });
    const demanded = { name: "tool", sign: shared, cosigned: { threshold: 1, signatures: [] } };
    await expect(verifyBundle(bench().file, demanded)).rejects.toMatchObject(TOO_FEW);
  });

  it("is no package's record, and a package's record is no signature", async () => {
    const whole = await bench().make();
    const record = whole.slice(0, recordLength(whole.subarray(0, 32)));
    const sound = await cosign(second);
    await expect(verify(2, [record, whole])).rejects.toMatchObject(TOO_FEW);
    bench().put(sound);
    await expect(verifyBundle(bench().file, { name: "tool", sign: trusted })).rejects.toMatchObject({
      code: "ERR_CACHE_AUTH",
    });
  });

  it("counts nothing that somebody believed signed as something else", async () => {
    const whole = await bench().make();
    const about = whole.slice(0, recordLength(whole.subarray(0, 32)));
    const payload = new Uint8Array(createHash("sha256").update(about).digest());
    const digest = new Uint8Array(createHash("sha256").update(payload).digest());
    const facts = {
      created: 0,
      expires: 0,
      sequence: 0,
      size: 32,
      digest,
      namespace: "",
      key: text("tool"),
      writer: "",
    };
    const signs = ed25519Signer({ identity: second });
    const other = (kind: number, mark: string, sign: Signer = signs) =>
      encodeRecord({ ...facts, kind, metadata: text(mark) }, sign, payload);
    const PACKAGE = RecordKind.packageManifest;
    expect((await verify(2, [await other(PACKAGE, "cosignature")])).cosignedBy).toEqual([hex(second)]);
    await expect(verify(2, [await other(RecordKind.entry, "cosignature")])).rejects.toMatchObject(TOO_FEW);
    await expect(verify(2, [await other(PACKAGE, "")])).rejects.toMatchObject(TOO_FEW);

    const shared = hmacSigner(Keyring.of(master));
    const either: Signer = {
      sign: trusted.sign.bind(trusted),
      verify: (header, ...rest) => (header.algorithm === 1 ? shared : trusted).verify(header, ...rest),
    };
    const byShared = await other(PACKAGE, "cosignature", shared);
    await expect(verify(2, [byShared], { sign: either })).rejects.toMatchObject(TOO_FEW);
  });

  it("says of each signature that does not count which one it is, and why", async () => {
    await bench().make({ sequence: 1 });
    const another = await cosign(second);
    await bench().make();
    const over = await cosign(second, { created: 1, expires: 2, now: () => 1 });
    const strangers = ed25519Signer({ identity: stranger, trusted: everybody });
    const byStranger = await cosignBundle(bench().file, { name: "tool", sign: strangers });
    const sound = await cosign(third);
    const told: unknown[] = [];
    const cosigned: Cosigned = {
      threshold: 2,
      signatures: [another, over, sound, byStranger, sound, text("junk"), bench().bytes()],
      onUncounted: (at, why) => told.push([at, why.code, why.message]),
    };
    expect((await verifyBundle(bench().file, { name: "tool", sign: trusted, cosigned })).cosignedBy).toEqual([
      hex(third),
    ]);
    expect(told).toEqual([
      [0, "ERR_CACHE_AUTH", "it is about another package"],
      [1, "ERR_CACHE_EXPIRED", "it has expired"],
      [3, "ERR_CACHE_UNKNOWN_KEY", expect.any(String)],
      [4, "ERR_CACHE_UNSIGNED", "its key counts already"],
      [5, "ERR_CACHE_FORMAT", expect.any(String)],
      [6, "ERR_CACHE_AUTH", expect.any(String)],
    ]);
  });

  it("says which of the keys that count no longer sign", async () => {
    await bench().make();
    const signature = await cosign(second);
    const { entries } = Keyring.of(identity.publicKey, second.publicKey, third.publicKey);
    const states = entries.map((each) =>
      Buffer.from(each.id).equals(second.id) ? { ...each, status: "retired" as const } : each,
    );
    const sign = ed25519Signer({ trusted: new Keyring({ entries: states, generation: 1 }) });
    const found = await verify(2, [signature, await cosign(third)], { sign });
    expect(found).toMatchObject({ retiredKey: false, retiredCosigners: [hex(second)] });
    expect(found.cosignedBy).toEqual([hex(second), hex(third)]);
  });

  it("is verified to its last byte before somebody signs it", async () => {
    const bytes = await bench().make();
    bytes[bytes.byteLength - 1] = (bytes.at(-1) as number) ^ 1;
    bench().put(bytes);
    await expect(cosign(second)).rejects.toMatchObject({ code: "ERR_CACHE_AUTH" });
    await bench().make({ sign: undefined });
    const anybody = ed25519Signer({ identity: second, trusted: everybody });
    await expect(cosignBundle(bench().file, { name: "tool", sign: anybody })).rejects.toMatchObject({
      code: "ERR_CACHE_UNKNOWN_KEY",
    });
  });
});

it("wrong use is told in words", async () => {
  await bench().make();
  for (const [cosigned, words] of [
    [{ threshold: 0, signatures: [] }, /threshold/],
    [{ threshold: 1, signatures: [], onUncounted: "told" }, /onUncounted is a function/],
    [{ threshold: 1.5, signatures: [] }, /threshold/],
    [{ threshold: 17, signatures: [] }, /threshold/],
    [{ threshold: 1, signatures: { length: 0, every: () => true } }, /signatures are at most 64/],
    [{ threshold: 1, signatures: [text("a"), "b"] }, /signatures/],
    [{ threshold: 1, signatures: new Array(65).fill(text("a")) }, /signatures/],
  ] as const)
    await expect(verifyBundle(bench().file, { ...TRUSTED, cosigned: cosigned as never })).rejects.toThrow(words);
  for (const cosigned of [null, { threshold: 1, signatures: [], extra: 1 }, "all"])
    await expect(verifyBundle(bench().path("gone"), { ...TRUSTED, cosigned: cosigned as never })).rejects.toThrow(
      /options of cosigned|no option "extra"/,
    );
  await expect(cosignBundle(bench().file, { name: "tool" })).rejects.toThrow(/needs a signer/);
  await expect(cosignBundle(bench().file, { ...TRUSTED, threshold: 2 } as never)).rejects.toThrow(/no option/);
});

it("a signature has times that make sense, and lie ahead", async () => {
  await bench().make();
  for (const times of [
    { created: -1 },
    { created: 1.5 },
    { created: Number.NaN },
    { created: 8.64e15 + 1 },
    { created: null },
    { expires: "x" },
    { expires: -1 },
    { expires: Number.MAX_VALUE },
  ])
    await expect(cosign(second, times), JSON.stringify(times)).rejects.toThrow(/^times are whole milliseconds/);
  for (const times of [
    { expires: 0 },
    { expires: 5 },
    { expires: Date.now() },
    { created: 9, expires: 8, now: () => 1 },
  ])
    await expect(cosign(second, times), JSON.stringify(times)).rejects.toThrow(/^a signature that has expired/);
});

it("a shared key signs nothing that would count for nobody", async () => {
  const shared = hmacSigner(Keyring.of(master));
  await createBundle(bench().file, MEMBERS, { name: "tool", sign: shared });
  const other = hmacSigner(Keyring.of(MasterKey.generate(), master));
  await expect(cosignBundle(bench().file, { name: "tool", sign: other })).rejects.toThrow(
    /^a package is signed by an Ed25519 key/,
  );
});

it("what a signature claims is shown without keys, and of anything else is said that it is none", async () => {
  const whole = await bench().make();
  const expires = Date.now() + DAY;
  const claimedKey = hex(second);
  expect(inspectCosignature(await cosign(second, { created: 7, expires }))).toEqual({
    claimedKey,
    created: 7,
    expires,
  });
  expect(inspectCosignature(await cosign(second)).expires).toBeUndefined();
  for (const bytes of [whole, text("junk"), new Uint8Array(0)])
    expect(() => inspectCosignature(bytes)).toThrow(expect.objectContaining({ code: "ERR_CACHE_FORMAT" }));
});
