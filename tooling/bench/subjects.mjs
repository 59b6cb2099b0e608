import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileStore } from "@cache/cas";
import { bytesCodec, createCache } from "@cache/core";
import { Keyring, MasterKey, SigningKey } from "@cache/core/keyring";
import { sealer } from "@cache/crypto-envelope";
import { memoryStore } from "@cache/memory";
import { ed25519Signer, hmacSigner } from "@cache/signer";

/**
 * Something that keeps bytes under keys.
 * @typedef {object} Subject
 * @property {(key: string, value: Uint8Array) => Promise<unknown>} put
 * @property {(key: string) => Promise<Uint8Array | undefined>} get
 */

const keyring = Keyring.of(MasterKey.generate());
const identity = SigningKey.generate();

/** @param {import("@cache/core").CacheOptions<Uint8Array>} options @returns {Subject} */
function keyed(options) {
  const cache = createCache({ ...options, codec: bytesCodec });
  return { put: (key, value) => cache.set(key, value), get: (key) => cache.get(key) };
}

/** Files with a name of their own, published by a rename, and read as they are: the least that can be called a cache. */
/** @param {string} directory @returns {Subject} */
function files(directory) {
  return {
    async put(key, value) {
      writeFileSync(join(directory, `${key}.tmp`), value);
      renameSync(join(directory, `${key}.tmp`), join(directory, key));
    },
    get: async (key) => readFileSync(join(directory, key)),
  };
}

/** @param {string} directory @returns {Subject} */
function content(directory) {
  const { blobs } = createCache({ store: fileStore(directory) });
  /** @type {Map<string, string>} */
  const digests = new Map();
  return {
    put: async (key, value) => digests.set(key, await blobs.put(value)),
    get: (key) => blobs.get(/** @type {string} */ (digests.get(key))),
  };
}

/** @param {string} directory @returns {Promise<Subject>} */
async function cacacheIn(directory) {
  const { default: cacache } = await import("cacache");
  return {
    put: (key, value) => cacache.put(directory, key, Buffer.from(value)),
    get: async (key) => (await cacache.get(directory, key)).data,
  };
}

/**
 * What is compared; the first one is what the others are measured by.
 * @type {Readonly<Record<string, (directory: string) => Subject | Promise<Subject>>>}
 */
export const SUBJECTS = {
  "files by hand, nothing verified": files,
  "content by its digest": content,
  "file store": (directory) => keyed({ store: fileStore(directory) }),
  "file store, signed with HMAC": (directory) => keyed({ store: fileStore(directory), sign: hmacSigner(keyring) }),
  "file store, signed with Ed25519": (directory) =>
    keyed({ store: fileStore(directory), sign: ed25519Signer({ identity }) }),
  "file store, sealed": (directory) => keyed({ store: fileStore(directory), seal: sealer(keyring) }),
  "file store, sealed and signed": (directory) =>
    keyed({ store: fileStore(directory), seal: sealer(keyring), sign: hmacSigner(keyring) }),
  "memory store": () => keyed({ store: memoryStore({ maxBytes: "1GB" }) }),
  "memory store, sealed and signed": () =>
    keyed({ store: memoryStore({ maxBytes: "1GB" }), seal: sealer(keyring), sign: hmacSigner(keyring) }),
  cacache: cacacheIn,
};
