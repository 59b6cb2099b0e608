import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cosignBundle, createBundle, inspectBundle, inspectCosignature, verifyBundle } from "@cache/bundle";
import { utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { encodeStatement, RecordKind } from "@cache/core/record";
import { ed25519Signer } from "@cache/signer";
import { otherSigning, signing } from "../keys.mjs";
import { answer, answerLater, promise, same } from "../promises.mjs";
import { internal } from "../target.mjs";
import { temporaryFolder } from "../temporary.mjs";
import { forgedRecord } from "./forge.mjs";

/** @typedef {import("../target.mjs").Target} Target */

/** @type {typeof import("../../../packages/bundle/src/manifest/manifest.ts")} */
const { encodeManifest } = await internal("bundle/manifest/manifest");
/** @type {typeof import("../../../packages/bundle/src/manifest/decode.ts")} */
const { decodeManifest } = await internal("bundle/manifest/decode");
/** @type {typeof import("../../../packages/bundle/src/about/encode.ts")} */
const { encodeAbout } = await internal("bundle/about/encode");
/** @type {typeof import("../../../packages/bundle/src/about/parse.ts")} */
const { parseAbout } = await internal("bundle/about/parse");

const path = join(temporaryFolder("bundle"), "fuzz.bundle");
const sign = ed25519Signer({ identity: signing });
const CONTENT = utf8("content ".repeat(40));
const digest = crypto.sha256(CONTENT);
const file = { type: /** @type {const} */ ("file"), mode: 0o644, size: CONTENT.length, digest };
const directory = { type: /** @type {const} */ ("directory"), mode: 0o755, size: 0, digest: new Uint8Array(32) };
const LAUNCH = { command: "a/b", arguments: ["x"], workDirectory: /** @type {const} */ ("package") };
const RULES = { pass: ["A", "B*"], unset: ["C"], map: { D: "E" }, set: { F: "g" } };

/** @type {readonly import("../../../packages/bundle/src/about/about.ts").About[]} */
const ABOUTS = [
  { members: [] },
  { contents: "sealed-entries", members: [] },
  { version: "1.2", launch: { ...LAUNCH, environment: RULES }, members: [] },
  {
    members: [
      { path: "a/b", purpose: "code", compressed: { algorithm: "brotli", size: 7, digest } },
      { path: "c", purpose: "data" },
    ],
  },
];

/** Codes of everything that a package of anybody may be refused for. */
const CODES = [
  "FORMAT",
  "UNSUPPORTED_VERSION",
  "UNKNOWN_KEY",
  "AUTH",
  "LIMIT",
  "CODEC",
  "EXPIRED",
  "NOT_YET_VALID",
].map((code) => `ERR_CACHE_${code}`);

/** A package by somebody who writes what they like and signs nothing. @param {Uint8Array} manifest @param {Uint8Array} rest */
async function unsigned(manifest, rest) {
  const facts = { created: 0, expires: 0, sequence: 0, size: manifest.length, digest: crypto.sha256(manifest) };
  const names = { namespace: "", key: utf8("fuzz"), writer: "", metadata: new Uint8Array(0) };
  const statement = encodeStatement({ kind: RecordKind.packageManifest, ...facts, ...names });
  writeFileSync(path, Buffer.concat([await forgedRecord(statement, manifest), rest]));
}

/** @type {Target} */
const manifest = {
  name: "bundle-manifest",
  covers: ["decodeManifest"],
  seeds: () => [
    encodeManifest([{ path: "a", ...file }]),
    encodeManifest([
      { path: "a", ...directory },
      { path: "a/b", ...file },
      { path: "é", ...file },
    ]),
  ],
  dictionary: ["/", "..", "./", "\\", ":", "\0", Uint8Array.of(0, 0, 0, 1), Uint8Array.of(0xed, 0xa0, 0x80)],
  run(bytes) {
    const read = answer(["ERR_CACHE_FORMAT", "ERR_CACHE_UNSUPPORTED_VERSION"], () => decodeManifest(bytes));
    if (read.value === undefined) return;
    promise(same(encodeManifest(read.value), bytes), "one manifest has one form");
    for (const { path: name, mode } of read.value) {
      promise(!name.startsWith("/") && !name.split("/").includes("..") && !name.includes("\\"), "no path leads out");
      promise(mode <= 0o777, "no set-uid bit");
    }
  },
};

/** @type {Target} */
const about = {
  name: "bundle-about",
  covers: ["parseAbout"],
  seeds: () => ABOUTS.map(encodeAbout),
  dictionary: [
    '"launch":',
    '"members":',
    '"compressed":',
    '"__proto__"',
    "[]",
    "{}",
    "../",
    "*",
    "\\u0000",
    "1e3",
    "-0",
  ],
  run(bytes) {
    const { value } = answer(["ERR_CACHE_FORMAT"], () => parseAbout(bytes));
    if (value !== undefined) promise(same(encodeAbout(value), bytes), "one description has one form");
  },
};

/** @returns {Promise<Uint8Array>} */
async function honest() {
  const members = [{ path: "a/b", content: CONTENT, mode: 0o755 }, { path: "c" }];
  await createBundle(path, members, { name: "fuzz", sign, launch: LAUNCH, compression: "brotli" });
  return new Uint8Array(readFileSync(path));
}

const SIGNED = await honest();
const further = ed25519Signer({ identity: otherSigning, trusted: [signing.publicKey] });
const COSIGNATURE = await cosignBundle(path, { name: "fuzz", sign: further });

/** @type {Target} */
const whole = {
  name: "bundle",
  covers: ["verifyBundle", "inspectBundle", "readHead", "readClaimedHead", "readRecord", "recordLength"],
  seeds: () => [SIGNED],
  async run(bytes) {
    writeFileSync(path, bytes);
    const { value } = await answerLater(CODES, () => verifyBundle(path, { name: "fuzz", sign, level: "deep" }));
    promise(value === undefined || same(bytes, SIGNED), "nothing is believed that was not signed");
    await answerLater(CODES, () => verifyBundle(path, { name: "fuzz", level: "deep" }));
    await answerLater(CODES, () => inspectBundle(path));
  },
};

/** What anybody can make where nothing is signed: all that stands behind the record. @type {Target} */
const forged = {
  name: "bundle-forged",
  covers: [],
  seeds: () => {
    const content = encodeAbout({ members: [] });
    const own = { ...file, path: ".bundle/about.json", size: content.length, digest: crypto.sha256(content) };
    const list = encodeManifest([own, { ...file, path: "a" }]);
    return [new Uint8Array(Buffer.concat([Uint8Array.of(list.length), list, content, CONTENT]))];
  },
  dictionary: [".bundle/", "about.json", '"compressed":{"algorithm":"brotli","size":'],
  async run(bytes) {
    const length = bytes[0] ?? 0;
    await unsigned(bytes.subarray(1, 1 + length), bytes.subarray(1 + length));
    const { value } = await answerLater(CODES, () => verifyBundle(path, { name: "fuzz", level: "deep" }));
    promise(value === undefined || value.trust === "integrity-only", "what nobody signed is called so");
  },
};

/** @type {Target} */
const cosignature = {
  name: "bundle-cosignature",
  covers: ["inspectCosignature"],
  seeds: () => [COSIGNATURE],
  run(bytes) {
    answer(["ERR_CACHE_FORMAT", "ERR_CACHE_UNSUPPORTED_VERSION"], () => inspectCosignature(bytes));
  },
};

export const bundleTargets = [manifest, about, whole, forged, cosignature];
