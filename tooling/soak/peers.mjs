/**
 * Another cache, as an experiment uses it.
 * @typedef {object} Peer
 * @property {(key: string, value: unknown) => Promise<unknown>} put
 * @property {(key: string) => Promise<unknown>} get - undefined for a miss
 * @property {() => Promise<unknown>} [verify]
 */

/** @type {Readonly<Record<string, (directory: string) => Promise<Peer>>>} */
export const PEERS = {
  async cacache(directory) {
    const { default: cacache } = await import("cacache");
    return {
      put: (key, value) => cacache.put(directory, key, JSON.stringify(value)),
      async get(key) {
        try {
          return JSON.parse((await cacache.get(directory, key)).data.toString());
        } catch (error) {
          if (/** @type {{ code?: unknown }} */ (error).code === "ENOENT") return undefined;
          throw error;
        }
      },
      verify: () => cacache.verify(directory),
    };
  },
  async "file-system-cache"(directory) {
    const { Cache } = await import("file-system-cache");
    const cache = new Cache({ basePath: directory });
    return { put: (key, value) => cache.set(key, value), get: (key) => cache.get(key) };
  },
};
