import { bytesCodec, createCache, jsonCodec, structuredCodec } from "@cache/core";
import { utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { collectGarbage, listEntries, resealStore, storeStats, verifyStore } from "@cache/core/maintenance";
import { encodeStatement, RecordKind } from "@cache/core/record";
import { aead, sealerWith } from "@cache/crypto-envelope/hazmat";
import { memoryStore } from "@cache/memory";
import { hmacSigner } from "@cache/signer";
import { keyring, rotated, steady } from "../keys.mjs";
import { promise, same } from "../promises.mjs";
import { forgedRecord } from "./forge.mjs";

/** @typedef {import("../target.mjs").Target} Target */
/** @typedef {import("@cache/core").Name} Name */

const KEY = "key";
const VALUE = utf8("a value that was stored");
const now = () => 1_700_000_000_000;
const sign = hmacSigner(keyring);
const seal = sealerWith({ crypto: steady, aead }, keyring);
/** As after a rotation, which moves what holds and makes nothing good that does not. */
const RESEALED = { sign: hmacSigner(rotated), seal: sealerWith({ crypto: steady, aead }, rotated) };
const emptyStore = () => memoryStore({ maxBytes: "8MB" });

/** @type {readonly Pick<import("@cache/core").CacheOptions, "seal" | "sign">[]} */
const PROTECTIONS = [{}, { sign }, { seal, sign }];

/** A store with one value in it, and what lies there under which name. */
async function written(/** @type {Pick<import("@cache/core").CacheOptions, "seal" | "sign">} */ protection) {
  const store = emptyStore();
  const cache = createCache({ store, now, codec: bytesCodec, ...protection });
  await cache.set(KEY, VALUE);
  await cache.blobs.put(VALUE);
  /** @type {[Name, Uint8Array][]} */
  const things = [];
  for (const kind of /** @type {const} */ (["entries", "blobs", "notes"])) {
    for await (const { name } of store.list(kind))
      things.push([name, /** @type {Uint8Array} */ (await store.get(name))]);
  }
  return { protection, things };
}

const CACHES = await Promise.all(PROTECTIONS.map(written));
const DIGEST = Buffer.from(crypto.sha256(VALUE)).toString("hex");

/** @param {import("@cache/core").CacheOptions} slots */
async function everyJob(slots) {
  for await (const _ of listEntries(slots));
  await storeStats(slots);
  await collectGarbage({ ...slots, dryRun: true });
  await verifyStore(slots);
}

/** @param {import("@cache/core").CacheOptions} slots */
async function everyRead(slots) {
  const cache = createCache({ ...slots, codec: bytesCodec });
  const value = await cache.get(KEY);
  promise(value === undefined || same(value, VALUE), "nothing is read but what was stored");
  const content = await cache.blobs.get(DIGEST);
  promise(content === undefined || same(content, VALUE), "no content is read but what was stored");
}

/** A store in which an input lies in the place of each thing. @type {Target} */
const planted = {
  name: "planted",
  covers: ["verifyStore", "resealStore", "readEntry", "loadRecord", "loadContent", "loadEntry"],
  room: (length) => 4_000_000 + 64 * length,
  seeds: () => CACHES.flatMap(({ things }) => things.map(([, bytes]) => bytes)),
  async run(bytes) {
    for (const { protection, things } of CACHES) {
      const filled = async () => {
        const store = emptyStore();
        for (const [name] of things) await store.put(name, bytes);
        return { store, now, ...protection };
      };
      await everyRead(await filled());
      const slots = await filled();
      await everyJob(slots);
      await everyRead(slots);
      if (protection.seal === undefined) continue;
      const after = { ...(await filled()), ...RESEALED };
      await resealStore(after);
      await everyRead(after);
    }
  },
};

const PLAIN = /** @type {Name} */ (CACHES[0]?.things.find(([name]) => name.startsWith("entries/"))?.[0]);
const STATEMENT = {
  ...{ kind: RecordKind.entry, created: now(), expires: now() + 1000, sequence: 1, size: VALUE.length },
  ...{ digest: crypto.sha256(VALUE), namespace: "", key: utf8(KEY), writer: "", metadata: utf8("bytes") },
};

/** What anybody can state in a store that nothing protects. @type {Target} */
const forgedEntry = {
  name: "forged-entry",
  covers: [],
  room: (length) => 4_000_000 + 64 * length,
  seeds: () => [STATEMENT, { ...STATEMENT, size: 2 ** 40 }, { ...STATEMENT, expires: 0 }].map(encodeStatement),
  async run(bytes) {
    for (const payload of [VALUE, new Uint8Array(0)]) {
      const slots = { store: emptyStore(), now };
      await slots.store.put(PLAIN, await forgedRecord(bytes, payload));
      const value = await createCache({ ...slots, codec: bytesCodec }).get(KEY);
      promise(value === undefined || same(value, payload), "a value is what its digest says");
      await everyJob(slots);
    }
  },
};

/**
 * Bytes that a codec is to decode, in an entry that holds: in an unsigned store anybody makes one.
 * @param {import("@cache/core").Codec<unknown>} codec
 * @param {Uint8Array} bytes
 */
async function decoded(codec, bytes) {
  const store = emptyStore();
  await createCache({ store, now, codec: { ...bytesCodec, name: codec.name } }).set(KEY, bytes);
  const found = await createCache({ store, now, codec }).lookup(KEY);
  promise(
    found.state === "hit" || (found.state === "rejected" && found.code === "ERR_CACHE_CODEC"),
    "it is a value, or of no use",
  );
  promise(Object.keys(Object.prototype).length === 0, "no value changes what objects are");
  if (found.state !== "hit") return;
  const text = encoded(codec, found.value);
  if (text !== undefined)
    promise(same(codec.encode(codec.decode(text)), text), "what was decoded is written and read again");
}

/** `undefined` for what was planted and no writer could have written. @param {import("@cache/core").Codec<unknown>} codec @param {unknown} value */
function encoded(codec, value) {
  try {
    return codec.encode(value);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

const VALUES = [null, -0.5, "text", [1, [2], {}], { a: { b: [true] } }];
const RICH = [
  ...VALUES,
  undefined,
  new Map([[1, new Set([2n])]]),
  new Date(0),
  /a/g,
  new Uint8Array(3),
  Object.assign(new Array(3), { 1: 1 }),
  new Error("x"),
];

/** @type {Target} */
const json = {
  name: "json",
  covers: [],
  room: (length) => 4_000_000 + 64 * length,
  seeds: () => VALUES.map((value) => jsonCodec.encode(value)),
  dictionary: ['"__proto__":', '"toJSON":', "1e999", "-0", "\\ud800", "[", "]", "{", "}", ":", ","],
  run: (bytes) => decoded(jsonCodec, bytes),
};

/** @type {Target} */
const structured = {
  name: "structured",
  covers: [],
  // A sparse array of the most places that are taken.
  room: (length) => 40_000_000 + 64 * length,
  seeds: () => RICH.map((value) => structuredCodec.encode(value)),
  dictionary: [
    ...[
      "Map",
      "Set",
      "Date",
      "RegExp",
      "BigInt",
      "Error",
      "null",
      "Object",
      "ArrayBuffer",
      "Uint8Array",
      "URL",
      "Float64Array",
    ].map((word) => `["${word}",`),
    ...["-1", "-2", "-3", "-4", "-5", "-6", "-7", '"__proto__":', '"name":', "[", "]", ",", "{", "}", '"AAAA"'],
  ],
  run: (bytes) => decoded(structuredCodec, bytes),
};

export const cacheTargets = [planted, forgedEntry, json, structured];
