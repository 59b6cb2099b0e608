import type { Store } from "@cache/core/adapter";
import type { RedisClient } from "./clients/client.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { Medium } from "./medium.ts";
import { open } from "./open.ts";
import { type RedisStoreOptions, settingsOf } from "./options.ts";
import { put } from "./put.ts";
import { putStream } from "./put-stream.ts";

/**
 * A store in Redis 6.2 or newer, or in Valkey, one server or a cluster.
 *
 * Values that may be forgotten (`keepUntil`) are forgotten by the server; a value and its note go together, when both
 * may. Where the server evicts to make room, what it evicted is absent. Whatever the server refuses is
 * `ERR_CACHE_STORE` with the client's error as its cause.
 * @param client - opened by you and closed by you, when the last store on it is no longer used
 * @throws TypeError for options that are none
 */
export function redisStore(client: RedisClient, options: RedisStoreOptions = {}): Store {
  const medium = new Medium(client, settingsOf(options));
  const { reading, writing } = medium;
  return {
    get: (name, options = {}) => get(reading, name, options),
    open: (name, options = {}) => open(reading, name, options),
    put: (name, bytes, options = {}) => put(medium, name, bytes, options),
    putStream: (draft, options = {}) => putStream(medium, draft, options),
    delete: (name, options = {}) => writing.remove(name, options),
    list: (kind, options = {}) => list(medium, kind, options),

    async stat(name, { signal } = {}) {
      const found = await reading.find("reading what is known of a value", name, 0, signal);
      if (found === undefined) return undefined;
      const { size, modified, version } = found.known;
      return { size, modified, version };
    },
  };
}
