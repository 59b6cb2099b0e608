import {
  type CallOptions,
  checkOptions,
  type Duration,
  type Lease,
  type Leases,
  type Name,
  parseDuration,
  parseName,
} from "@cache/core/adapter";
import { textOf } from "./answers.ts";
import type { RedisClient } from "./clients/client.ts";
import { Connection } from "./connection.ts";
import { prefixOf, timeoutOf } from "./options.ts";
import { RELEASE, RENEW, TAKE } from "./scripts/leases.ts";
import type { Script } from "./scripts/script.ts";
import { newVersion } from "./versions.ts";

/** Where leases are, and how long they last. */
export interface RedisLeasesOptions {
  /**
   * Before every key; may be that of a store. No braces.
   * @defaultValue `"cache:"`
   */
  readonly prefix?: string | undefined;
  /**
   * After how long a lease that its holder does not renew is anybody's.
   * @defaultValue `"10s"`
   */
  readonly ttl?: Duration | undefined;
  /**
   * How long one command may take before it counts as failed, and the value is computed without a lease.
   * @defaultValue `"1s"`
   */
  readonly timeout?: Duration | undefined;
}

/**
 * Leases in Redis: a key that only the first sets and that the server ends, with a random token that tells its holder.
 * One round trip for each call. Who holds one after a failover is not certain: what was written to the old master may
 * be lost, and two compute the same.
 * @throws TypeError for options that are none
 */
export function redisLeases(client: RedisClient, options: RedisLeasesOptions = {}): Leases {
  checkOptions("redisLeases", options, ["prefix", "ttl", "timeout"]);
  const prefix = prefixOf(options.prefix);
  const ttl = parseDuration(options.ttl ?? "10s");
  const connection = new Connection(client, timeoutOf(options.timeout ?? "1s"));
  return {
    ttl,
    async take(name: Name, { signal }: CallOptions = {}) {
      const { kind, hex } = parseName(name);
      const held = new Held(connection, `${prefix}{${hex}}:lease:${kind}`);
      signal?.throwIfAborted();
      return (await held.ask("taking a lease", TAKE, String(ttl))) ? new RedisLease(held, ttl) : undefined;
    },
  };
}

/** A key with the token of whoever may have it. */
class Held {
  readonly #connection: Connection;
  readonly #key: string;
  readonly #token: string = newVersion();

  constructor(connection: Connection, key: string) {
    this.#connection = connection;
    this.#key = key;
  }

  async ask(doing: string, script: Script, ...args: string[]): Promise<boolean> {
    const call = { script, keys: [this.#key], args: [this.#token, ...args] };
    return textOf(doing, await this.#connection.run({ doing, key: this.#key }, call)) === "1";
  }
}

class RedisLease implements Lease {
  readonly #held: Held;
  readonly #ttl: number;

  constructor(held: Held, ttl: number) {
    this.#held = held;
    this.#ttl = ttl;
  }

  async renew({ signal }: CallOptions = {}): Promise<boolean> {
    signal?.throwIfAborted();
    return this.#held.ask("renewing a lease", RENEW, String(this.#ttl));
  }

  async release({ signal }: CallOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    await this.#held.ask("giving a lease back", RELEASE);
  }
}
