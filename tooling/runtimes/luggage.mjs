import { createCache, structuredCodec } from "@cache/core";
import { fromHex, toHex } from "@cache/core/bytes";
import { Keyring, MasterKey, SigningKey } from "@cache/core/keyring";
import { sealer } from "@cache/crypto-envelope";
import { memoryStore } from "@cache/memory";
import { ed25519Signer, hmacSigner } from "@cache/signer";

/**
 * Everything that a store holds, by the combination of slots that wrote it: name and bytes in hexadecimal.
 * @typedef {Readonly<Record<string, readonly (readonly [name: string, bytes: string])[]>>} Luggage
 */

// Published here, so good for nothing else.
const bytes = (/** @type {number} */ first) => Uint8Array.from({ length: 32 }, (_, i) => first + i);
const keyring = Keyring.of(MasterKey.import(bytes(0)));
const identity = SigningKey.import(bytes(160));

const seal = (/** @type {1 | 2} */ suite) => sealer(keyring, { suite });

/** @type {Readonly<Record<string, Pick<import("@cache/core").CacheOptions, "seal" | "sign">>>} */
const SLOTS = {
  plain: {},
  "signed with HMAC": { sign: hmacSigner(keyring) },
  "signed with Ed25519": { sign: ed25519Signer({ identity }) },
  "sealed with AES": { seal: seal(1) },
  "sealed with ChaCha20, signed with HMAC": { seal: seal(2), sign: hmacSigner(keyring) },
  "sealed with AES, signed with Ed25519": { seal: seal(1), sign: ed25519Signer({ identity }) },
};

const VALUE = {
  text: "grüße\u2028",
  list: [1, -0, Number.NaN, 2n ** 70n],
  map: new Map([["a", new Date(0)]]),
  raw: bytes(5),
};
const LARGE = "x".repeat(40_000);
const CONTENT = Uint8Array.from({ length: 70_001 }, (_, i) => i % 251);
const FOREVER = { ttl: "365d" };

const kinds = /** @type {const} */ (["entries", "blobs", "notes"]);

/** @param {import("@cache/core").Store} store @param {string} slots */
const cacheOver = (store, slots) =>
  createCache({ store, ...SLOTS[slots], namespace: "luggage", codec: structuredCodec, strict: true });

/** Entries and content as this runtime writes them. @returns {Promise<Luggage>} */
export async function pack() {
  /** @type {Record<string, [string, string][]>} */
  const luggage = {};
  for (const slots of Object.keys(SLOTS)) {
    const store = memoryStore({ maxBytes: 4_000_000 });
    const cache = cacheOver(store, slots);
    await cache.set("value", VALUE, FOREVER);
    await cache.set("large", LARGE, FOREVER);
    await cache.blobs.put(pieces());
    const packed = [];
    for (const kind of kinds) {
      for await (const { name } of store.list(kind)) {
        packed.push(/** @type {[string, string]} */ ([name, toHex((await store.get(name)) ?? new Uint8Array(0))]));
      }
    }
    luggage[slots] = packed;
  }
  return luggage;
}

async function* pieces() {
  for (let at = 0; at < CONTENT.length; at += 9999) yield CONTENT.slice(at, at + 9999);
}

/**
 * Reads what any runtime has packed, and finds that no byte of it can be another.
 * @param {Luggage} luggage
 * @returns {Promise<number>} how many values were read
 */
export async function unpack(luggage) {
  let read = 0;
  for (const [slots, packed] of Object.entries(luggage)) {
    const store = memoryStore({ maxBytes: 4_000_000 });
    for (const [name, hex] of packed) {
      await store.put(/** @type {import("@cache/core").Name} */ (name), fromHex(hex) ?? new Uint8Array(0));
    }
    const cache = cacheOver(store, slots);
    requireSame(await cache.get("value"), VALUE, `${slots}: the value`);
    requireSame(await cache.get("large"), LARGE, `${slots}: the large value`);
    requireSame(await cache.blobs.get(toHex(await digestOfContent())), CONTENT, `${slots}: the content`);
    read += 3;
    await requireRefused(store, slots);
  }
  return read;
}

/** @param {import("@cache/core").Store} store @param {string} slots */
async function requireRefused(store, slots) {
  for await (const { name } of store.list("entries")) {
    const entry = (await store.get(name)) ?? new Uint8Array(0);
    await store.put(
      name,
      entry.map((byte, i) => (i === entry.length - 1 ? byte ^ 1 : byte)),
    );
  }
  const answer = await cacheOver(store, slots)
    .get("value")
    .catch((error) => error.code);
  if (answer !== "ERR_CACHE_AUTH") throw new Error(`${slots}: a changed byte was not refused: ${String(answer)}`);
}

async function digestOfContent() {
  const { crypto } = await import("@cache/core/crypto");
  return crypto.sha256(CONTENT);
}

/** @param {unknown} found @param {unknown} expected @param {string} what */
function requireSame(found, expected, what) {
  const [left, right] = [found, expected].map((value) =>
    toHex(/** @type {Uint8Array} */ (structuredCodec.encode(value))),
  );
  if (left !== right) throw new Error(`${what} is not what was written`);
}
