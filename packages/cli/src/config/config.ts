/** Who is believed, for a cache that is signed with Ed25519. */
export interface TrustConfig {
  /** Public keys in their native form, `cachek1.ed25519-public.…`. */
  readonly trusted: readonly string[];
  /**
   * File with the secret key to sign with. Left out: the cache only reads.
   * @defaultValue none
   */
  readonly identityFile?: string | undefined;
}

/** A configuration of the `cache` command. Paths are relative to the file it stands in. */
export interface CacheConfig {
  /** File that says what was refused and set aside, line by line; `cache audit verify` tells whether it was edited. */
  readonly auditFile?: string | undefined;
  /** Directory of the cache. */
  readonly dir?: string | undefined;
  /** Most room that the cache may take, such as `"2GB"`; what was used least recently goes. */
  readonly maxBytes?: string | undefined;
  readonly namespace?: string | undefined;
  /** File with the keys to seal and sign with. */
  readonly keyringFile?: string | undefined;
  /** Time that `set` gives to an entry unless told otherwise, such as `"7d"`. */
  readonly ttl?: string | undefined;
  readonly sign?: TrustConfig | undefined;
}

/** The same configuration, checked by the type checker where it is written. */
export function defineConfig(config: CacheConfig): CacheConfig {
  return config;
}
