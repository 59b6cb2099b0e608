import { type Cache, CacheError } from "@cache/core";
import { crypto } from "@cache/core/crypto";
import type { Invocation } from "../command.ts";
import { openSession, type Session, whyOff } from "../session.ts";
import { UsageError } from "../usage-error.ts";

/** What became of something verified. `occupied`: the key holds something else, which is left. */
export type Taken = "imported" | "present" | "occupied";

/** How something is taken over. */
export interface TakeOptions {
  readonly dryRun: boolean;
  /**
   * Milliseconds that it is believed.
   * @defaultValue as the cache says
   */
  readonly ttl?: number | undefined;
  /** What these keys do not believe under the key is the very thing that is taken over, in its own directory. */
  readonly replaces?: boolean | undefined;
}

/** Damage is a miss, and healed by a put. */
const DAMAGE = ["ERR_CACHE_AUTH", "ERR_CACHE_FORMAT"];

/** Stores a value unless its key has one: then nothing is written, so a second run changes nothing. */
export async function take(
  cache: Cache<Uint8Array>,
  key: string,
  value: Uint8Array,
  { dryRun, ttl, replaces = false }: TakeOptions,
): Promise<Taken> {
  const there = await cache.lookup(key);
  if (there.state === "hit") return crypto.equal(there.value, value) ? "present" : "occupied";
  // Of other keys, another codec or version: somebody else's.
  const others = there.state === "rejected" && !DAMAGE.includes(there.code);
  if (others && !(replaces && there.code === "ERR_CACHE_UNKNOWN_KEY")) return "occupied";
  if (!dryRun) await cache.set(key, value, ttl === undefined ? undefined : { ttl });
  return "imported";
}

/**
 * The configured cache, for something to be imported into: what was signed, or is to be trusted from now on, must not lie
 * there unsigned.
 */
export async function importingSession(invocation: Invocation): Promise<Session> {
  const off = await whyOff(invocation);
  if (off !== undefined) throw new UsageError(`${off}, so nothing would be imported`);
  const session = await openSession(invocation);
  const { seal, sign } = session.protection;
  if (seal === undefined && sign === undefined)
    throw new UsageError("this cache has no keys, so nothing imported could be verified there", "cache keys --help");
  if (sign !== undefined && sign.identity === undefined)
    throw new CacheError("ERR_CACHE_READ_ONLY", "nothing can be imported into a cache that only reads");
  return session;
}
