import { checkOptions, type Duration, type MonotonicStore, type Seen } from "@cache/core/adapter";
import { fromHex, toHex } from "@cache/core/bytes";
import { textOf } from "./answers.ts";
import type { RedisClient } from "./clients/client.ts";
import { Connection } from "./connection.ts";
import { unexpected } from "./failures.ts";
import { prefixOf, timeoutOf } from "./options.ts";
import { REMEMBER } from "./scripts/remember.ts";

/** Where what was seen is remembered. */
export interface RedisMonotonicStoreOptions {
  /**
   * Before every key. No braces.
   * @defaultValue `"cache-seen:"`
   */
  readonly prefix?: string | undefined;
  /**
   * How long one command may take before it counts as failed.
   * @defaultValue `"30s"`
   */
  readonly timeout?: Duration | undefined;
}

/**
 * What was seen of each name, for many machines together. It protects from whoever can write to the cache only if they
 * cannot write here: another server than the cache's, or another user with rights to these keys alone; one that evicts
 * nothing (`noeviction`) and keeps what it answered (`appendonly yes`). Its keys stay.
 * @throws TypeError for options that are none
 */
export function redisMonotonicStore(client: RedisClient, options: RedisMonotonicStoreOptions = {}): MonotonicStore {
  checkOptions("redisMonotonicStore", options, ["prefix", "timeout"]);
  const prefix = prefixOf(options.prefix ?? "cache-seen:");
  const connection = new Connection(client, timeoutOf(options.timeout ?? "30s"));
  return {
    async get(scope) {
      const doing = "looking for what was seen";
      const key = prefix + scopeText(scope);
      const answer = await connection.send({ doing, key }, ["GET", key]);
      return answer === null || answer === undefined ? undefined : parseSeen(doing, answer);
    },

    async advance(scope, seen) {
      const doing = "remembering what was seen";
      const key = prefix + scopeText(scope);
      const args = [String(seen.sequence), textOfSeen(seen)];
      return parseSeen(doing, await connection.run({ doing, key }, { script: REMEMBER, keys: [key], args }));
    },
  };
}

function scopeText(scope: Uint8Array): string {
  if (!(scope instanceof Uint8Array) || scope.length !== 32) throw new TypeError("a scope is 32 bytes");
  return toHex(scope);
}

function textOfSeen({ sequence, digest }: Seen): string {
  const isSeen = Number.isSafeInteger(sequence) && sequence >= 0 && digest.length === 32;
  if (!isSeen) throw new TypeError("what was seen has a whole sequence from 0 to 2^53 - 1, and a digest of 32 bytes");
  return `${sequence} ${toHex(digest)}`;
}

function parseSeen(doing: string, answer: unknown): Seen {
  const [, sequence, hex = ""] = /^(\d{1,16}) ([0-9a-f]{64})$/.exec(textOf(doing, answer)) ?? [];
  const digest = fromHex(hex);
  if (digest?.length !== 32 || !Number.isSafeInteger(Number(sequence))) {
    throw unexpected(doing, "what lies there was not written by a store of this kind");
  }
  return { sequence: Number(sequence), digest };
}
