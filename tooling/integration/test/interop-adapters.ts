import { finished } from "node:stream/promises";
import { cacheDriver as bentocacheDriver } from "@cache/bentocache";
import { cacheBlockstore } from "@cache/blockstore";
import type { Cache } from "@cache/core";
import { httpCacheStore } from "@cache/http";
import { keyvStore } from "@cache/keyv";
import { cacheDriver as unstorageDriver } from "@cache/unstorage";
import { CID } from "multiformats/cid";
import { sha256 } from "multiformats/hashes/sha2";

/** What all adapters can do: text under a name. */
export interface Adapted {
  put(name: string, text: string): Promise<void>;
  get(name: string): Promise<string | undefined>;
}

const RAW = 0x55;

function overHttp(cache: Cache): Adapted {
  const store = httpCacheStore(cache);
  const requestOf = (name: string) => ({ origin: "https://example.com", method: "GET", path: `/${name}` });
  const [cachedAt, staleAt, deleteAt] = [Date.now(), Date.now() + 60_000, Date.now() + 60_000];
  return {
    async put(name, text) {
      const response = { statusCode: 200, statusMessage: "OK", headers: {}, cachedAt, staleAt, deleteAt };
      const body = store.createWriteStream(requestOf(name), response);
      body.end(Buffer.from(text));
      await finished(body);
    },
    async get(name) {
      const found = await store.get(requestOf(name));
      return found && Buffer.concat(found.body).toString();
    },
  };
}

function overBlockstore(cache: Cache): Adapted {
  const blocks = cacheBlockstore(cache);
  const cids = new Map<string, CID>();
  return {
    async put(name, text) {
      const bytes = new TextEncoder().encode(text);
      const cid = CID.createV1(RAW, await sha256.digest(bytes));
      cids.set(name, await blocks.put(cid, bytes));
    },
    async get(name) {
      const cid = cids.get(name);
      if (cid === undefined || !(await blocks.has(cid))) return undefined;
      let text = "";
      for await (const piece of blocks.get(cid)) text += new TextDecoder().decode(piece);
      return text;
    },
  };
}

/** Every adapter for other libraries, over a cache. */
export const adapters: Readonly<Record<string, (cache: Cache) => Adapted>> = {
  keyv: (cache) => {
    const store = keyvStore(cache);
    return { put: async (name, text) => void (await store.set(name, text)), get: (name) => store.get(name) };
  },
  unstorage: (cache) => {
    const driver = unstorageDriver(cache);
    return {
      put: (name, text) => driver.setItem(name, text),
      get: async (name) => (await driver.getItem(name)) ?? undefined,
    };
  },
  bentocache: (cache) => {
    const driver = bentocacheDriver(cache).factory({ prefix: "app" });
    return { put: async (name, text) => void (await driver.set(name, text)), get: (name) => driver.get(name) };
  },
  blockstore: overBlockstore,
  http: overHttp,
};
