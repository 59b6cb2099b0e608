// write | read DIRECTORY KEYS: every store that outlives a process under every slot, used as a process of its own would use it.
// Prints how often what was asked for was there, by composition.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fileStore, monotonicStore } from "@cache/cas";
import { createCache, memoize, split, tiered } from "@cache/core";
import { parseKeyring } from "@cache/core/keyring";
import { sealer } from "@cache/crypto-envelope";
import { deltaStore } from "@cache/delta";
import { fileCache } from "@cache/files";
import { memoryStore } from "@cache/memory";
import { ed25519Signer, hmacSigner } from "@cache/signer";

const [mode, directory = "", keys = ""] = process.argv.slice(2);
const keyring = parseKeyring(keys);
const ENTRIES = 20;

/** @type {Record<string, (path: string) => import("@cache/core").Store>} */
const STORES = {
  file: (path) => fileStore(path),
  "file with limits": (path) => fileStore(path, { maxBytes: "64MB", maxEntries: 1000 }),
  "memory before file": (path) => tiered(memoryStore({ maxBytes: "8MB" }), fileStore(path)),
  "two files": (path) => split({ blobs: fileStore(join(path, "blobs")), entries: fileStore(join(path, "entries")) }),
};
/** @type {Record<string, () => Partial<import("@cache/core").CacheOptions>>} */
const SLOTS = {
  plain: () => ({}),
  "signed with HMAC": () => ({ sign: hmacSigner(keyring) }),
  "signed with Ed25519": () => ({ sign: ed25519Signer({ identity: keyring.primarySigner }) }),
  sealed: () => ({ seal: sealer(keyring) }),
  "sealed and signed": () => ({ seal: sealer(keyring), sign: hmacSigner(keyring) }),
};

const content = (/** @type {number} */ at) => new Uint8Array(20_000).fill(at);

const program = fileURLToPath(import.meta.url);

/** @param {import("@cache/core").Cache} cache */
async function write(cache) {
  const square = memoize(cache, (/** @type {number} */ x) => x * x, { name: "square" });
  for (let at = 0; at < ENTRIES; at++) {
    await cache.set(`key ${at}`, at % 2 === 0 ? at : "x".repeat(10_000));
    await cache.blobs.put(content(at));
    await square(at);
  }
  for (const version of [1, 2]) await deltaStore(cache).put(`app/${version}`, content(version));
  await fileCache(cache).put("program", program);
  return 0;
}

/** Asks for everything that was written. @param {import("@cache/core").Cache} cache @param {string} path */
async function read(cache, path) {
  let hits = 0;
  const count = (/** @type {unknown} */ found) => {
    if (found !== undefined && found !== false) hits += 1;
  };
  const missed = (/** @type {number} */ x) => {
    hits -= 1;
    return x * x;
  };
  const square = memoize(cache, missed, { name: "square" });
  for (let at = 0; at < ENTRIES; at++) {
    count(await cache.get(`key ${at}`));
    count(await cache.blobs.get(createHash("sha256").update(content(at)).digest("hex")));
    count(await square(at));
  }
  for (const version of [1, 2]) count(await deltaStore(cache).get(`app/${version}`));
  count((await fileCache(cache).restore("program", join(path, "restored"), { replace: true })).state === "hit");
  return hits / (3 * ENTRIES + 3);
}

/** @type {Record<string, number>} */
const rates = {};
for (const [where, storeOf] of Object.entries(STORES)) {
  for (const [how, slotsOf] of Object.entries(SLOTS)) {
    for (const remembers of [false, true]) {
      const path = join(directory, where, how, String(remembers));
      const rollback = remembers ? monotonicStore(join(path, "seen")) : undefined;
      const cache = createCache({ store: storeOf(join(path, "store")), rollback, ...slotsOf(), namespace: "hits" });
      const name = `${where}, ${how}${remembers ? ", with rollback" : ""}`;
      rates[name] = await (mode === "write" ? write(cache) : read(cache, path));
      await cache.close();
    }
  }
}
process.stdout.write(JSON.stringify(rates));
