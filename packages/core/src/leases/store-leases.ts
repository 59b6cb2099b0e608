import { crypto } from "#platform";
import { checkOptions } from "../adapter/check-options.ts";
import { RecentMap } from "../adapter/recent-map.ts";
import { storeError } from "../adapter/store-error.ts";
import { toHex } from "../bytes/hex.ts";
import { pae } from "../bytes/pae.ts";
import { utf8 } from "../bytes/text.ts";
import { requireStore } from "../cache/slots.ts";
import type { Lease, Leases } from "../ports/leases.ts";
import type { CallOptions, Name, Store } from "../ports/store.ts";
import { type Duration, parseDuration } from "../units/duration.ts";

/** How leases in a store are held. */
export interface StoreLeasesOptions {
  /**
   * After how long a lease that its holder does not renew is anybody's. It is renewed three times as often.
   * @defaultValue "10s"
   */
  readonly ttl?: Duration | undefined;
}

/** Most leases of others that are watched at once; one that was forgotten is watched from the beginning. */
const MOST_WATCHED = 4096;

/**
 * Leases as small values in a store: any store will do, also the one that the cache itself is in. To take one is a put that the
 * first wins; one whose holder is gone is deleted by its version. A lease counts as left when it did not change for a
 * whole `ttl` on the watcher's own clock, so the clocks of machines need not agree.
 * @throws TypeError for a `ttl` that is none
 */
export function storeLeases(store: Store, options: StoreLeasesOptions = {}): Leases {
  requireStore("storeLeases", store);
  checkOptions("storeLeases", options, ["ttl"]);
  const ttl = parseDuration(options.ttl ?? "10s");
  return new StoreLeases(store, ttl);
}

/** What was seen of another's lease, and since when, by a clock that only runs forward. */
interface Watched {
  readonly version: string;
  readonly since: number;
}

class StoreLeases implements Leases {
  readonly ttl: number;
  readonly #store: Store;
  readonly #watched = new RecentMap<Name, Watched>(MOST_WATCHED);

  constructor(store: Store, ttl: number) {
    this.#store = store;
    this.ttl = ttl;
  }

  async take(of: Name, options?: CallOptions): Promise<Lease | undefined> {
    const name = leaseName(of);
    try {
      if (await this.#create(name, options)) return await this.#held(name, options);
      if (!(await this.#removeLeft(name, options))) return undefined;
      return (await this.#create(name, options)) ? await this.#held(name, options) : undefined;
    } catch (error) {
      throw storeError("taking a lease", error, options?.signal);
    }
  }

  async #create(name: Name, options?: CallOptions): Promise<boolean> {
    const put = { ...options, ifAbsent: true, keepUntil: Date.now() + this.ttl };
    return (await this.#store.put(name, newLease(), put)).written;
  }

  async #held(name: Name, options?: CallOptions): Promise<Lease | undefined> {
    const version = await this.#versionOf(name, options);
    return version === undefined ? undefined : new StoreLease(this.#store, { name, version, ttl: this.ttl });
  }

  /** Removes a lease that nobody renews. @returns whether there is none any more, as far as is known */
  async #removeLeft(name: Name, options?: CallOptions): Promise<boolean> {
    const version = await this.#versionOf(name, options);
    if (version === undefined) return true;
    const watched = this.#watched.get(name);
    if (watched?.version !== version) {
      this.#watched.set(name, { version, since: performance.now() });
      return false;
    }
    if (performance.now() - watched.since < this.ttl) return false;
    await this.#store.delete(name, { ...options, ifVersion: version });
    return true;
  }

  async #versionOf(name: Name, options?: CallOptions): Promise<string | undefined> {
    return (await this.#store.stat(name, options))?.version;
  }
}

/** A lease that this process took. */
class StoreLease implements Lease {
  readonly #store: Store;
  readonly #name: Name;
  readonly #ttl: number;
  #version: string;

  constructor(store: Store, { name, version, ttl }: { name: Name; version: string; ttl: number }) {
    this.#store = store;
    this.#name = name;
    this.#version = version;
    this.#ttl = ttl;
  }

  /** Between look and put another may take it; then two compute, and the result is the same. */
  async renew(options?: CallOptions): Promise<boolean> {
    if ((await this.#store.stat(this.#name, options))?.version !== this.#version) return false;
    await this.#store.put(this.#name, newLease(), { ...options, keepUntil: Date.now() + this.#ttl });
    const renewed = await this.#store.stat(this.#name, options);
    if (renewed === undefined) return false;
    this.#version = renewed.version;
    return true;
  }

  release(options?: CallOptions): Promise<void> {
    return this.#store.delete(this.#name, { ...options, ifVersion: this.#version });
  }
}

const LABEL = "cache/v1/lease";

/** Leases lie among the notes: small records beside the values, which nobody takes for one. */
function leaseName(of: Name): Name {
  return `notes/${crypto.sha256Hex(pae(LABEL, of))}`;
}

/** Nothing is read from it; it is another each time, so that a store that goes by content sees a change. */
function newLease(): Uint8Array {
  return utf8(`${LABEL} ${toHex(crypto.random(16))}`);
}
