import type { ProofHeader, Signer } from "@cache/core";
import { concat, utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { SigningKey, VerifyingKey } from "@cache/core/keyring";
import { encodeRecord, RecordKind, type Statement } from "@cache/core/record";
import {
  chainSigner,
  issueCertificate,
  issueRevocations,
  type NewRevocations,
  readCertificate,
  readRevocations,
} from "@cache/signer/chain";
import { describe, expect, it } from "vitest";
import { ed25519Signer } from "../src/index.ts";

const root = SigningKey.generate();
const writer = SigningKey.generate();
const START = 1_700_000_000_000;
const DAY = 86_400_000;
const CERTIFIED = { root, key: writer.publicKey, scope: { namespaces: ["builds"], entries: true } };
const LISTED = { root, number: 1, revoked: [], expires: START + DAY, created: START };

/** What a root that does not keep to the format signs. */
async function signed(kind: "certificate" | "revocations", payload: Uint8Array, more: Partial<Statement> = {}) {
  const stated = { size: payload.byteLength, digest: crypto.sha256(payload), writer: "", metadata: new Uint8Array() };
  const times = { created: START, expires: START + DAY, sequence: 1 };
  const place = { kind: RecordKind.entry, namespace: "\0trust", key: utf8(kind) };
  const sign = ed25519Signer({ identity: root });
  const inline = more.size === undefined ? payload : undefined;
  const record = await encodeRecord({ ...place, ...times, ...stated, ...more }, sign, inline);
  return `cachet1.${kind}.${Buffer.from(record).toString("base64url")}`;
}

const read = (text: string) => readCertificate(text, [root.publicKey]);
const list = (text: string) => readRevocations(text, [root.publicKey]);
const bytes = (...parts: (number | Uint8Array)[]) =>
  concat(...parts.map((part) => (typeof part === "number" ? Uint8Array.of(part) : part)));
const text = (word: string) => bytes(0, word.length, utf8(word));
const KEY = writer.publicKey.bytes;
const NONE = bytes(0, 0);
const ANY_NAMESPACE = 4;

describe("a root's certificate is read when it is", () => {
  it.each([
    ["entries anywhere", bytes(KEY, 1 | ANY_NAMESPACE, NONE, NONE)],
    ["entries in a namespace", bytes(KEY, 1, 0, 1, text("a"), NONE)],
    ["a package", bytes(KEY, 2, 0, 1, text("a"), 0, 1, text("b"))],
  ])("of %s", async (_, payload) => {
    await expect(read(await signed("certificate", payload))).resolves.toMatchObject({ issuer: root.id });
  });
});

describe("a root's certificate is refused when it is", () => {
  it.each([
    ["without a scope", KEY],
    ["cut in its key", KEY.slice(0, 31)],
    ["cut in a name", bytes(KEY, 1, 0, 1, 0, 5, utf8("abc"))],
    ["cut before its packages", bytes(KEY, 1 | ANY_NAMESPACE, NONE)],
    ["longer than it says", bytes(KEY, 1 | ANY_NAMESPACE, NONE, NONE, 0)],
    ["of a flag that nobody knows", bytes(KEY, 17 | ANY_NAMESPACE, NONE, NONE)],
    ["of nothing", bytes(KEY, ANY_NAMESPACE, NONE, NONE)],
    ["of any package and no packages", bytes(KEY, 9 | ANY_NAMESPACE, NONE, NONE)],
    ["of any namespace and of one", bytes(KEY, 1 | ANY_NAMESPACE, 0, 1, text("a"), NONE)],
    ["of no namespace", bytes(KEY, 1, NONE, NONE)],
    ["of entries and a package's name", bytes(KEY, 1 | ANY_NAMESPACE, NONE, 0, 1, text("a"))],
    ["of packages without a name", bytes(KEY, 2 | ANY_NAMESPACE, NONE, NONE)],
    ["of a package that has an empty name", bytes(KEY, 2 | ANY_NAMESPACE, NONE, 0, 1, 0, 0)],
    ["in another order", bytes(KEY, 1, 0, 2, text("b"), text("a"), NONE)],
    ["of one namespace twice", bytes(KEY, 1, 0, 2, text("a"), text("a"), NONE)],
    ["of a name that is not UTF-8", bytes(KEY, 1, 0, 1, 0, 1, 0xff, NONE)],
    [
      "of more namespaces than may be",
      bytes(KEY, 1, 0, 65, ...Array.from({ length: 65 }, (_, at) => text(String.fromCharCode(48 + at))), NONE),
    ],
    ["of a name that is too long", bytes(KEY, 1, 0, 1, 1, 0, utf8("x".repeat(256)), NONE)],
  ])("%s", async (_, payload) => {
    await expect(read(await signed("certificate", payload))).rejects.toMatchObject({ code: "ERR_CACHE_FORMAT" });
  });

  it("of a key whose signatures anybody can make", async () => {
    const weak = bytes(1, new Uint8Array(31));
    const payload = bytes(weak, 1 | ANY_NAMESPACE, NONE, NONE);
    await expect(read(await signed("certificate", payload))).rejects.toMatchObject({ code: "ERR_CACHE_KEY_FORMAT" });
    const making = async () => issueCertificate({ ...CERTIFIED, key: VerifyingKey.import(weak), expires: START + DAY });
    await expect(making()).rejects.toMatchObject({ code: "ERR_CACHE_KEY_FORMAT" });
  });

  it.each<[string, Partial<Statement>]>([
    ["for ever", { expires: 0 }],
    ["a package", { kind: RecordKind.packageManifest }],
    ["without its content", { size: 39 }],
  ])("%s", async (_, more) => {
    const payload = bytes(KEY, 1 | ANY_NAMESPACE, NONE, NONE);
    await expect(read(await signed("certificate", payload, more))).rejects.toMatchObject({ code: "ERR_CACHE_FORMAT" });
  });
});

describe("a root's list is refused when it", () => {
  const id = (first: number) => bytes(first, new Uint8Array(15));
  it.each([
    ["is cut", bytes(0, 2, id(1))],
    ["is longer than it says", bytes(0, 1, id(1), id(2))],
    ["is in another order", bytes(0, 2, id(2), id(1))],
    ["names a key twice", bytes(0, 2, id(1), id(1))],
    ["has more keys than may be", bytes(16, 1, new Uint8Array(16 * 4097))],
  ])("%s", async (_, payload) => {
    await expect(list(await signed("revocations", payload))).rejects.toMatchObject({ code: "ERR_CACHE_FORMAT" });
  });
});

describe("wrong use is told in words:", () => {
  it.each<[string, () => unknown, string]>([
    ["a certificate that is no text", () => read(["cachet1"] as never), "is text"],
    ["an option nobody knows", () => issueCertificate({ ...CERTIFIED, expires: 1, ends: 1 } as never), "ends"],
    [
      "a root that is public",
      () => issueCertificate({ ...CERTIFIED, root: root.publicKey, expires: 1 } as never),
      "root",
    ],
    ["a time with a part", () => issueCertificate({ ...CERTIFIED, expires: 1.5 }), "whole"],
    ["a time below zero", () => issueCertificate({ ...CERTIFIED, created: -1, expires: 1 }), "whole"],
    ["a list's option nobody knows", () => issueRevocations({ ...LISTED, ends: 1 } as never), "ends"],
    ["a list's root that is public", () => issueRevocations({ ...LISTED, root: root.publicKey } as never), "root"],
    ["a number with a part", () => issueRevocations({ ...LISTED, number: 1.5 }), "a list has a number"],
    [
      "ids that are no list",
      () => issueRevocations({ ...LISTED, revoked: { length: 0, every: () => true } } as never),
      "at most",
    ],
    ["too many ids", () => issueRevocations({ ...LISTED, revoked: idsOf(4097) }), "at most"],
    [
      "roots that are no list",
      () => chainSigner({ roots: { length: 1 }, certificates: [] } as never),
      "begins at a root",
    ],
    [
      "certificates that are no list",
      () => chainSigner({ roots: [root.publicKey], certificates: "a" } as never),
      "certificates",
    ],
    [
      "certificates that are no texts",
      () => chainSigner({ roots: [root.publicKey], certificates: [1] } as never),
      "certificates",
    ],
    [
      "revocations that are no list",
      () => chainSigner({ roots: [root.publicKey], certificates: [], revocations: "a" } as never),
      "revocations are a list",
    ],
    ["namespaces that are no list", () => scoped({ length: 1, every: () => true }), "namespaces"],
    ["namespaces that are no texts", () => scoped([1]), "namespaces"],
    ["too many namespaces", () => scoped(Array.from({ length: 65 }, (_, at) => `${at}`)), "namespaces"],
  ])("%s", async (_, work, words) => {
    const error = await Promise.resolve()
      .then(work)
      .then(() => undefined)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toContain(words);
  });
});

const idsOf = (count: number): NewRevocations["revoked"] =>
  Array.from({ length: count }, (_, at) => bytes(at >> 8, at & 255, new Uint8Array(14)));

const scoped = (namespaces: unknown) =>
  issueCertificate({ ...CERTIFIED, scope: { namespaces, entries: true } as never, expires: START + DAY });

describe("what a chain answers for", () => {
  const sound = async (scope = CERTIFIED.scope) =>
    chainSigner({
      roots: [root.publicKey],
      certificates: [await issueCertificate({ ...CERTIFIED, scope, created: START, expires: START + DAY })],
      now: () => START,
    });
  const signer = ed25519Signer({ identity: writer });
  const verdictOf = async (message: Uint8Array, scope?: typeof CERTIFIED.scope) =>
    (await sound(scope)).verify(signer.identity as ProofHeader, message, await signer.sign(message));

  it("a signature that does not hold is no matter of scope", async () => {
    const chain = await sound();
    const verdict = await chain.verify(signer.identity as ProofHeader, utf8("of no scope"), new Uint8Array(64));
    expect(verdict).toEqual({ verdict: "invalid" });
  });

  it("a message that is signed and no record is of no scope, however much it looks like one", async () => {
    let message = utf8("");
    const listening: Signer = {
      identity: signer.identity,
      sign(given) {
        message = given;
        return signer.sign(given);
      },
      verify: signer.verify.bind(signer),
    };
    const stated = { size: 0, digest: crypto.sha256(), writer: "", metadata: new Uint8Array() };
    const place = { kind: RecordKind.entry, namespace: "builds", key: utf8("a") };
    await encodeRecord({ ...place, ...stated, created: START, expires: 0, sequence: 1 }, listening);
    expect(await verdictOf(message)).toMatchObject({ verdict: "valid" });
    for (const at of [0, 8, 20, 40]) {
      const other = Uint8Array.from(message);
      other[at] = (other[at] as number) ^ 1;
      expect(await verdictOf(other), `${at}`).toEqual({ verdict: "unknown-key" });
    }
    for (const length of [0, 10, 80, message.byteLength - 1])
      expect(await verdictOf(message.slice(0, length)), `${length}`).toEqual({ verdict: "unknown-key" });
  });
});
