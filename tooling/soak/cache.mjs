import { fileStore } from "@cache/cas";
import { createCache } from "@cache/core";
import { Keyring, parseKey } from "@cache/core/keyring";
import { sealer } from "@cache/crypto-envelope";
import { hmacSigner } from "@cache/signer";

/**
 * How a process of an experiment uses the one directory. Its text is an argument of every program.
 * @typedef {object} Place
 * @property {string} directory
 * @property {string} key - a master key
 * @property {readonly string[]} [older] - master keys that read
 * @property {boolean} [durable]
 * @property {number | undefined} [maxBytes]
 */

/**
 * @param {Place} place
 * @param {(event: import("@cache/core").CacheEvent) => void} [onEvent]
 */
export function open({ directory, key, older = [], durable, maxBytes }, onEvent) {
  const keyring = Keyring.of(...[key, ...older].map(parseKey));
  const store = fileStore(directory, { durable, maxBytes });
  const slots = { store, seal: sealer(keyring), sign: hmacSigner(keyring) };
  return { store, slots, cache: createCache({ ...slots, namespace: "soak", onEvent }) };
}
