import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { toHex, utf8 } from "@cache/core/bytes";
import { parseSecretKeys, readTrailing, writeTrailing } from "@cache/signer/trailing";
import { answer, answerLater, promise, same, textOf } from "../promises.mjs";
import { internal } from "../target.mjs";

/** @typedef {import("../target.mjs").Target} Target */

/** @type {typeof import("../../../packages/cli/src/fleche/config-keys.ts")} */
const { secretKeysIn } = await internal("cli/fleche/config-keys");

const stores = new URL("../../fixtures/fleche/stores/", import.meta.url);
/** @type {{ readonly keys: Readonly<Record<"first" | "second", string>> }} */
const { keys: texts } = JSON.parse(readFileSync(new URL("../expected.json", stores), "utf8"));
const keys = parseSecretKeys(`${texts.first}:${texts.second}`);
const [first] = keys;

/** What Python wrote, but for what is too long to be of use here. @param {string} store */
const filesOf = (store) =>
  readdirSync(new URL(store, stores))
    .sort()
    .map((name) => new Uint8Array(readFileSync(new URL(`${store}/${name}`, stores))))
    .filter((bytes) => bytes.length < 800);

const LIMITS = { maxBytes: 1_000_000, maxRatio: 1000 };
const CODES = ["ERR_CACHE_UNSIGNED", "ERR_CACHE_AUTH", "ERR_CACHE_FORMAT", "ERR_CACHE_LIMIT"];
const KEY_CODES = ["ERR_CACHE_KEY_FORMAT", "ERR_CACHE_WEAK_KEY"];

/** @type {Target} */
const trailing = {
  name: "trailing",
  covers: ["readTrailing"],
  // Its own pieces, and a decompressor of the platform.
  room: (length) => 4_000_000 + 2_000 * length,
  seeds: () => [...filesOf("good"), ...filesOf("bad")],
  dictionary: [Uint8Array.of(0x1f, 0x8b, 8, 0), ".", "0".repeat(64), Uint8Array.of(0x80, 4)],
  async run(bytes) {
    const { value } = await answerLater(CODES, () => readTrailing(bytes, { keys, ...LIMITS }));
    if (value !== undefined) {
      const key = keys[value.keyIndex];
      promise(key !== undefined && value.payload.at(-1) === 0x2e, "what holds is a payload under a key that was given");
      const written = writeTrailing(value.payload, key);
      promise(value.compressed || same(written, bytes), "one payload under one key has one form");
    }
    if (first === undefined || (bytes[0] === 0x1f && bytes[1] === 0x8b)) return;
    // As its writer would have it: then it holds, compressed or not.
    const payload = new Uint8Array([...bytes, 0x2e]);
    const file = writeTrailing(payload, first);
    for (const each of [file, new Uint8Array(gzipSync(file))]) {
      const read = await readTrailing(each, { keys, maxBytes: LIMITS.maxBytes, maxRatio: 2000 }).catch(() => undefined);
      promise(read !== undefined && same(read.payload, payload), "what was signed is read");
    }
  },
};

/**
 * The bytes of the keys that a text says.
 * @param {string} text
 * @param {import("@cache/signer/trailing").SecretKeyOptions} options
 */
function keysIn(text, options) {
  const secrets = answer(KEY_CODES, () => parseSecretKeys(text, options)).value?.map((key) => key.reveal());
  promise(secrets === undefined || secrets.every((each) => each.some((byte) => byte !== 0)), "no key is the empty one");
  return secrets;
}

/** @type {Target} */
const secretKeys = {
  name: "secret-keys",
  covers: ["parseSecretKeys"],
  seeds: () => [texts.first, `${texts.first}:${texts.second}`, "aa".repeat(16), "a passphrase that is long"].map(utf8),
  dictionary: [":", "::", "00", "0".repeat(64), "\n", " ", texts.first],
  run(bytes) {
    const text = textOf(bytes);
    if (text === undefined) return;
    for (const allowWeak of [false, true]) {
      const hex = keysIn(text, { allowWeak });
      const digits = hex?.map((secret) => toHex(secret)).join(":");
      promise(digits === undefined || digits === text.toLowerCase(), "keys are what the text says, all of it");
      const plain = keysIn(text, { encoding: "utf8", allowWeak });
      const joined = plain?.map((secret) => textOf(secret)).join(":");
      promise(joined === undefined || joined === text, "text keys are the text itself");
    }
  },
};

/** @type {Target} */
const flecheConfig = {
  name: "fleche-config",
  covers: [],
  // A parser of somebody else's, which copies parts of the text as it goes.
  room: (length) => 1_000_000 + 2_000 * length,
  seeds: () => {
    const list = `["${texts.first}", "${texts.second}"]`;
    const wrapped = `[disk.values.storage]\ntype = "pickle"\nsecret_key = ${list}\n`;
    return [`disk.values.secret_key = ${list}\n`, `${wrapped}[disk.calls]\nsecret_key = "${texts.first}"\n`].map(utf8);
  },
  dictionary: ["secret_key", "=", "[", "]", "[[", '"', "'", '"""', ".", "\n", "{", "}", "__proto__", "constructor"],
  run(bytes) {
    const text = textOf(bytes);
    if (text === undefined) return;
    const list = answer(["ERR_CACHE_CONFIG"], () => secretKeysIn(text)).value;
    promise(list === undefined || text.includes("secret_key") || text.includes("\\"), "keys have a name");
    promise(/** @type {any} */ ({}).secret_key === undefined, "nothing but the answer is changed");
  },
};

export const trailingTargets = [trailing, secretKeys, flecheConfig];
