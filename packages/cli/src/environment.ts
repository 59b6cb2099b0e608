/** What the command takes from the environment. */
export interface Environment {
  readonly dir: string | undefined;
  /** Text of a key list: a secret. */
  readonly keyring: string | undefined;
  readonly keyringFile: string | undefined;
  readonly off: string | undefined;
  readonly debug: boolean;
}

/**
 * Reads the variables and removes the one that holds secrets, before anything else runs: neither a configuration that is
 * code nor a child process finds it.
 */
export function takeEnvironment(variables: Record<string, string | undefined>): Environment {
  const { CACHE_DIR, CACHE_KEYRING, CACHE_KEYRING_FILE, CACHE_OFF, CACHE_DEBUG } = variables;
  delete variables.CACHE_KEYRING;
  return {
    dir: CACHE_DIR,
    keyring: CACHE_KEYRING,
    keyringFile: CACHE_KEYRING_FILE,
    off: CACHE_OFF,
    debug: CACHE_DEBUG === "1",
  };
}
