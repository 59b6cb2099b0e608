import { join } from "node:path";

/** @typedef {import("./subject.mjs").Keeper} Keeper */

/** By key, as its users use it. @param {string} directory @returns {Promise<Keeper>} */
export async function cacacheByKey(directory) {
  const { default: cacache } = await import("cacache");
  return {
    put: (key, value) => cacache.put(directory, key, value),
    get: async (key) => (await cacache.get(directory, key)).data,
    has: (key) => cacache.get.info(directory, key),
  };
}

/** Verifies nothing. @param {string} directory @returns {Promise<Keeper>} */
export async function unstorageFiles(directory) {
  const [{ createStorage }, { default: driver }] = [
    await import("unstorage"),
    await import("unstorage/drivers/fs-lite"),
  ];
  const storage = createStorage({ driver: driver({ base: directory }) });
  return {
    put: (key, value) => storage.setItemRaw(key, value),
    get: (key) => storage.getItemRaw(key),
    has: (key) => storage.hasItem(key),
  };
}

/** Verifies nothing; values are text in one file of JSON. @param {string} directory @returns {Promise<Keeper>} */
export async function keyvFile(directory) {
  const [{ default: Keyv }, { KeyvFile }] = [await import("keyv"), await import("keyv-file")];
  const keyv = new Keyv({ store: new KeyvFile({ filename: join(directory, "keyv.json"), writeDelay: 0 }) });
  return {
    put: (key, value) => keyv.set(key, Buffer.from(value).toString("base64")),
    get: async (key) => Buffer.from(await keyv.get(key), "base64"),
    has: (key) => keyv.has(key),
  };
}

/** By content; verifies nothing. @param {string} directory @returns {Promise<Keeper>} */
export async function blockstoreFiles(directory) {
  const [{ FsBlockstore }, { CID }, raw, { sha256 }] = [
    await import("blockstore-fs"),
    await import("multiformats/cid"),
    await import("multiformats/codecs/raw"),
    await import("multiformats/hashes/sha2"),
  ];
  const store = new FsBlockstore(directory);
  await store.open();
  /** @type {Map<string, import("multiformats/cid").CID>} */
  const cids = new Map();
  const cidOf = (/** @type {string} */ key) => /** @type {import("multiformats/cid").CID} */ (cids.get(key));
  return {
    async put(key, value) {
      const cid = CID.createV1(raw.code, await sha256.digest(value));
      cids.set(key, cid);
      await store.put(cid, value);
    },
    async get(key) {
      /** @type {Uint8Array[]} */
      const pieces = [];
      for await (const piece of store.get(cidOf(key))) pieces.push(piece);
      return Buffer.concat(pieces);
    },
    has: (key) => store.has(cidOf(key)),
    close: () => store.close(),
  };
}

/** A memory-mapped tree, without syncs; verifies nothing. @param {string} directory @returns {Promise<Keeper>} */
export async function lmdbWithoutSync(directory) {
  const { open } = await import("lmdb");
  const database = open({ path: join(directory, "lmdb"), encoding: "binary", noSync: true, overlappingSync: false });
  return {
    put: (key, value) => database.put(key, Buffer.from(value)),
    get: (key) => database.get(key),
    has: (key) => database.doesExist(key),
    close: () => database.close(),
  };
}

/** One row a key, in a journal without syncs; verifies nothing. @param {string} directory @returns {Promise<Keeper>} */
export async function sqlite(directory) {
  // It brings no types.
  const { default: Database } = await import(/** @type {string} */ ("better-sqlite3"));
  const database = new Database(join(directory, "sqlite"));
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = OFF");
  database.exec("create table kept (key text primary key, value blob)");
  const [put, get] = [
    database.prepare("insert or replace into kept values (?, ?)"),
    database.prepare("select value from kept where key = ?").pluck(),
  ];
  return {
    put: (key, value) => put.run(key, value),
    get: (key) => get.get(key),
    has: (key) => get.get(key) !== undefined,
    close: () => database.close(),
  };
}
