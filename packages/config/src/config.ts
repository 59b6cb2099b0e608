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

/** Who is believed, for a cache that is signed with Ed25519: whoever one of the roots certified. */
export interface ChainConfig {
  /** Public keys of roots in their native form, `cachek1.ed25519-public.…`. */
  readonly roots: readonly string[];
  /** Certificates: their texts, `cachet1.certificate.…`, or files with one a line. */
  readonly certificates: readonly string[];
  /**
   * Files with lists of revocations. Each has to be there and of today.
   * @defaultValue none, so certificates end by their time only
   */
  readonly revocations?: readonly string[] | undefined;
  /**
   * Directory that remembers the newest list of each root, where the writers of the cache cannot write. With it an older list is refused.
   * @defaultValue none
   */
  readonly seen?: string | undefined;
  /**
   * File with the secret key to sign with, within what its certificate allows. A keyring may have it as well.
   * @defaultValue none
   */
  readonly identityFile?: string | undefined;
}

/**
 * What describes one cache. A path is relative to the file it stands in, or begins with `~/`; in a file that is found, key
 * files are named by absolute paths or from `~/` only, since what lies beside it came with it.
 */
export interface CacheFields {
  /** File that says what was refused and set aside, line by line; `cache audit verify` tells whether it was edited. */
  readonly auditFile?: string | undefined;
  /** Directory of the cache. */
  readonly dir?: string | undefined;
  /** Kept in a private directory that ends with the process; sealed with a key of its own where no keys are configured. */
  readonly ephemeral?: boolean | undefined;
  /** File with the keys to seal and sign with. */
  readonly keyringFile?: string | undefined;
  /** Most room that the cache may take, such as `"2GB"`; what was used least recently goes. */
  readonly maxBytes?: string | undefined;
  readonly namespace?: string | undefined;
  /** Reads miss and writes are dropped. */
  readonly off?: boolean | undefined;
  readonly sign?: TrustConfig | ChainConfig | undefined;
  /** Time that an entry is believed unless its writer says otherwise, such as `"7d"`. */
  readonly ttl?: string | undefined;
}

/** What a configuration can demand of every cache that others could write to. */
export type Demand = "seal" | "sign";

/** A configuration: the fields of the cache without a name, which those with names inherit, and more caches. */
export interface CacheConfig extends CacheFields {
  /** Caches by name. `memory` and `void` are built in: one in this process, and one that keeps nothing. */
  readonly caches?: Readonly<Record<string, CacheFields>> | undefined;
  /** Name of the cache that is meant when none is named. */
  readonly default?: string | undefined;
  /** A cache that lacks one of these is not opened. No nearer file takes one back. */
  readonly require?: readonly Demand[] | undefined;
  /** Files in directories above this one's are not looked for. The user's own always counts. */
  readonly root?: boolean | undefined;
}

/** The same configuration, checked by the type checker where it is written. */
export function defineConfig(config: CacheConfig): CacheConfig {
  return config;
}
