import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toBase64Url, toHex, utf8 } from "@cache/core/bytes";
import {
  decodeKeyring,
  encodeKeyring,
  exportPem,
  formatKey,
  importPem,
  isPem,
  Keyring,
  keyringFromEnvironment,
  parseKey,
  parseKeyList,
  parseKeyring,
} from "@cache/core/keyring";
import { readKeyringFile } from "@cache/core/keyring-file";
import { keyring, master, otherMaster, signing } from "../keys.mjs";
import { answer, answerLater, promise, same, textOf } from "../promises.mjs";
import { internal } from "../target.mjs";
import { temporaryFolder } from "../temporary.mjs";

/** @typedef {import("../target.mjs").Target} Target */

/** @type {typeof import("../../../packages/crypto-envelope/src/passphrase/head.ts")} */
const { decodeHead, encodeHead } = await internal("crypto-envelope/passphrase/head");

const CODES = ["ERR_CACHE_KEY_FORMAT", "ERR_CACHE_WEAK_KEY", "ERR_CACHE_KEY_TYPE"];
const KEYS = [master, signing, signing.publicKey, otherMaster];

/** A string whose check holds, of bytes that need be no key. @param {Uint8Array} bytes */
function checked(bytes) {
  const [last, key] = [bytes.at(-1) ?? 0, bytes.slice(0, 32)];
  const type = ["master", "ed25519-secret", "ed25519-public"][last % 3];
  return formatKey(/** @type {any} */ ({ type, bytes: key, reveal: () => key }));
}

/** @type {Target} */
const keyString = {
  name: "key-string",
  covers: ["parseKey"],
  seeds: () => [...KEYS.map((key) => utf8(formatKey(key))), master.reveal(), utf8("a passphrase that has 32 letters")],
  dictionary: ["cachek1.", "master.", "ed25519-secret.", "ed25519-public.", "\n"],
  run(bytes) {
    for (const text of [textOf(bytes), checked(bytes)]) {
      const key = text === undefined ? undefined : answer(CODES, () => parseKey(text)).value;
      promise(key === undefined || formatKey(key) === text, "one key has one form");
    }
  },
};

/** @type {Target} */
const keyList = {
  name: "key-list",
  covers: ["parseKeyList", "keyringFromEnvironment"],
  seeds: () => {
    const raw = master.reveal();
    const texts = [KEYS.map(formatKey).join(","), KEYS.map(formatKey).join("\n"), toHex(raw), toBase64Url(raw)];
    return [...texts, `${Buffer.from(raw).toString("base64")} ${formatKey(signing)}`].map(utf8);
  },
  dictionary: [",", " ", "\n", "\t", "=", "+", "/", formatKey(signing), toHex(otherMaster.reveal())],
  run(bytes) {
    const text = textOf(bytes);
    if (text === undefined) return;
    const keys = answer(CODES, () => parseKeyList(text)).value;
    const again = keys && parseKeyList(keys.map(formatKey).join(","));
    promise(keys === undefined || String(keys) === String(again), "keys come back from their text, in their order");
    const read = answer([...CODES, "ERR_CACHE_PASSPHRASE"], () =>
      keyringFromEnvironment({ CACHE_KEYRING: text }),
    ).value;
    const file = answer(CODES, () => parseKeyring(text)).value;
    promise(String(read) === String(file), "a variable is a keyring when the same text in a file is");
    promise(keys === undefined || read !== undefined || keys.length > 1, "a list of one key is a keyring");
  },
};

/** @param {Uint8Array} der @param {string} label */
const pemOf = (der, label) => {
  const text = Buffer.from(der).toString("base64");
  return `-----BEGIN ${label}-----\n${text}\n-----END ${label}-----\n`;
};

/** @type {Target} */
const pem = {
  name: "pem",
  covers: ["importPem"],
  seeds: () =>
    [exportPem(signing), exportPem(signing.publicKey), exportPem(signing).replaceAll("\n", "\r\n")].map(utf8),
  dictionary: ["-----BEGIN ", "-----END ", "PRIVATE KEY-----", "PUBLIC KEY-----", "ENCRYPTED ", "MC4C", "=", "\r\n"],
  run(bytes) {
    // As it is, and as what stands in a block that is well formed.
    for (const text of [textOf(bytes), pemOf(bytes, "PRIVATE KEY"), pemOf(bytes, "PUBLIC KEY")]) {
      if (text === undefined) continue;
      const key = answer([...CODES, "ERR_CACHE_PASSPHRASE"], () => importPem(text)).value;
      if (key === undefined) continue;
      promise(isPem(text), "what is read says what it is");
      const written = exportPem(key);
      promise(written.trimEnd() === text.replaceAll("\r\n", "\n").trimEnd(), "one key has one form");
    }
  },
};

const path = join(temporaryFolder("keys"), "keys");
writeFileSync(path, "", { mode: 0o600 });
chmodSync(path, 0o600);

/** @param {"retired" | "revoked"} status */
function withOther(status) {
  const dates = {
    created: "2026-01-01T00:00:00Z",
    revoked: status === "revoked" ? "2026-02-01T00:00:00.5Z" : undefined,
  };
  /** @type {import("@cache/core/keyring").KeyEntry} */
  const other = { id: otherMaster.id, type: otherMaster.type, status, ...dates };
  const entry = status === "revoked" ? other : { ...other, key: otherMaster };
  return new Keyring({
    ...keyring,
    entries: [...keyring.entries, entry],
    primary: master.id,
    primarySigner: signing.id,
  });
}

/** @type {Target} */
const keyringFile = {
  name: "keyring-file",
  covers: ["decodeKeyring", "parseKeyring", "readKeyringFile", "checkEntries"],
  most: 8192,
  // The file is read into memory for the largest there may be.
  room: (length) => 1_000_000 + 64 * length,
  seeds: () => {
    const all = [keyring, withOther("retired"), withOther("revoked")].map(encodeKeyring);
    const text = `\ufeff# keys\r\n${formatKey(master)}\r\n`;
    return [...[...all, text].map(utf8), encodeHead({ logN: 17, salt: master.id })];
  },
  dictionary: [
    ...["active", "retired", "revoked", "master", "ed25519-public", "2026-02-30T00:00:00Z", '"__proto__":', "null"],
    ...[
      '"created":',
      '"revoked":',
      '"public":',
      '"secret":',
      '"primarySigner":',
      "[",
      "]",
      "{",
      "}",
      ",",
      "\ufeff",
      "#",
    ],
  ],
  async run(bytes) {
    writeFileSync(path, bytes);
    const read = await answerLater([...CODES, "ERR_CACHE_PASSPHRASE"], () => readKeyringFile(path));
    const text = textOf(bytes);
    const parsed = text === undefined ? undefined : answer(CODES, () => parseKeyring(text)).value;
    promise((read.value && encodeKeyring(read.value)) === (parsed && encodeKeyring(parsed)), "a file is its text");
    if (parsed === undefined) return;
    const written = encodeKeyring(parsed);
    promise(encodeKeyring(decodeKeyring(written)) === written, "what is a keyring can be written and read again");
  },
};

/** What stands in front of a protected keyring; what follows is a message, a target of its own. @type {Target} */
const protectedHead = {
  name: "protected-keyring",
  covers: ["decodeHead"],
  seeds: () => [15, 17, 20].map((logN) => encodeHead({ logN, salt: master.id })),
  run(bytes) {
    const codes = ["ERR_CACHE_KEY_FORMAT", "ERR_CACHE_UNSUPPORTED_VERSION"];
    const head = answer(codes, () => decodeHead(bytes)).value;
    if (head === undefined) return;
    promise(same(encodeHead(head), bytes.subarray(0, 32)), "one head has one form");
    promise(head.logN <= 20, "no head asks for more than a gigabyte");
  },
};

export const keyTargets = [keyString, keyList, pem, keyringFile, protectedHead];
