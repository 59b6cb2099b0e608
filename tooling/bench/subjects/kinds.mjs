import { createHash } from "node:crypto";
import { fileStore } from "@cache/cas";
import { bytesCodec, createCache } from "@cache/core";
import { Keyring, MasterKey, SigningKey } from "@cache/core/keyring";
import { sealer } from "@cache/crypto-envelope";
import { memoryStore } from "@cache/memory";
import { ed25519Signer, hmacSigner } from "@cache/signer";

/** @typedef {import("./subject.mjs").Keeper} Keeper */
/** @typedef {import("./subject.mjs").Subject} Subject */
/** @typedef {Pick<import("@cache/core").CacheOptions, "seal" | "sign">} Slots */

/** The same in every run, so that sealed names are: which directories are there already is part of what a put costs. */
const secret = (/** @type {string} */ word) => new Uint8Array(createHash("sha256").update(word).digest());
const keyring = Keyring.of(MasterKey.import(secret("a master key for benchmarks")));
const identity = SigningKey.import(secret("a signing key for benchmarks"));

/** Every combination of slots. @type {Readonly<Record<string, () => Slots>>} */
export const SLOTS = {
  plain: () => ({}),
  "signed with HMAC": () => ({ sign: hmacSigner(keyring) }),
  "signed with Ed25519": () => ({ sign: ed25519Signer({ identity }) }),
  sealed: () => ({ seal: sealer(keyring) }),
  "sealed and signed": () => ({ seal: sealer(keyring), sign: hmacSigner(keyring) }),
};

/** @param {import("@cache/core").Store} store @param {Slots} [slots] @returns {Keeper} */
function keyed(store, slots = {}) {
  const cache = createCache({ store, ...slots, codec: bytesCodec });
  return {
    put: (key, value) => cache.set(key, value),
    get: (key) => cache.get(key),
    has: (key) => cache.has(key),
    prepare: async (count) => {
      for (let at = 0; at < count; at++) await cache.blobs.put(new TextEncoder().encode(`content ${at}`));
    },
    close: () => cache.close(),
  };
}

/** @param {string} directory @returns {Keeper} */
function content(directory) {
  const cache = createCache({ store: fileStore(directory) });
  /** @type {Map<string, string>} */
  const digests = new Map();
  const digestOf = (/** @type {string} */ key) => /** @type {string} */ (digests.get(key));
  return {
    put: async (key, value) => digests.set(key, await cache.blobs.put(value)),
    get: (key) => cache.blobs.get(digestOf(key)),
    has: (key) => cache.blobs.has(digestOf(key)),
    close: () => cache.close(),
  };
}

const inMemory = (/** @type {Slots} */ slots) => keyed(memoryStore({ maxBytes: "1GB" }), slots);

/** Every kind of cache of these packages. @type {Readonly<Record<string, Subject>>} */
export const KINDS = {
  "content by its digest": content,
  ...Object.fromEntries(
    Object.entries(SLOTS).map(([name, slots]) => [
      name === "plain" ? "file store" : `file store, ${name}`,
      (/** @type {string} */ directory) => keyed(fileStore(directory), slots()),
    ]),
  ),
  "file store, sealed, content not hashed": (directory) =>
    keyed(fileStore(directory), { seal: sealer(keyring, { verifyDigest: false }) }),
  "file store, within limits": (directory) => keyed(fileStore(directory, { maxBytes: "100GB" })),
  "memory store": () => inMemory({}),
  "memory store, sealed and signed": () => inMemory(SLOTS["sealed and signed"]?.() ?? {}),
};
