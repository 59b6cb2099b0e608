import type { ChainVariables } from "@cache/config/keys";

/** What the command takes from the environment. */
export interface Environment {
  readonly dir: string | undefined;
  /** Text of a key list or of a keyring file: a secret. */
  readonly keyring: string | undefined;
  readonly keyringFile: string | undefined;
  /** Opens a protected keyring file: a secret. */
  readonly passphrase: string | undefined;
  readonly passphraseFile: string | undefined;
  /** Whom to believe. */
  readonly chain: ChainVariables;
  /** Keys of fleche: a secret. Used only where an option says so. */
  readonly flecheSecretKey: string | undefined;
  /** DeltaGlider's key: a secret. Used only where an option says so. */
  readonly deltaGliderKey: string | undefined;
  /** What the cache must have. */
  readonly require: string | undefined;
  readonly off: string | undefined;
  readonly ephemeral: string | undefined;
  readonly debug: boolean;
}

/**
 * Reads the variables and removes those that hold secrets, before anything else runs: neither a configuration that is
 * code nor a child process finds it.
 */
export function takeEnvironment(variables: Record<string, string | undefined>): Environment {
  const { CACHE_DIR, CACHE_KEYRING, CACHE_KEYRING_FILE, CACHE_OFF, CACHE_EPHEMERAL, CACHE_DEBUG } = variables;
  const { CACHE_REQUIRE } = variables;
  const { CACHE_KEYRING_PASSPHRASE, CACHE_KEYRING_PASSPHRASE_FILE } = variables;
  const { CACHE_ROOTS, CACHE_CERTIFICATES, CACHE_REVOCATIONS, CACHE_REVOCATIONS_SEEN } = variables;
  const { FLECHE_SECRET_KEY, DG_CACHE_ENCRYPTION_KEY } = variables;
  delete variables.DG_CACHE_ENCRYPTION_KEY;
  delete variables.FLECHE_SECRET_KEY;
  delete variables.CACHE_KEYRING;
  delete variables.CACHE_KEYRING_PASSPHRASE;
  return {
    dir: CACHE_DIR,
    keyring: CACHE_KEYRING,
    keyringFile: CACHE_KEYRING_FILE,
    passphrase: CACHE_KEYRING_PASSPHRASE,
    passphraseFile: CACHE_KEYRING_PASSPHRASE_FILE,
    chain: { CACHE_ROOTS, CACHE_CERTIFICATES, CACHE_REVOCATIONS, CACHE_REVOCATIONS_SEEN },
    flecheSecretKey: FLECHE_SECRET_KEY,
    deltaGliderKey: DG_CACHE_ENCRYPTION_KEY,
    require: CACHE_REQUIRE,
    off: CACHE_OFF,
    ephemeral: CACHE_EPHEMERAL,
    debug: CACHE_DEBUG === "1",
  };
}
