/** How a keyring file is protected at rest, by a passphrase for instance. */
export interface KeyringProtection {
  /** What to store instead of the keyring's text. @throws CacheError `ERR_CACHE_PASSPHRASE` for a passphrase that is too short */
  protect(keyring: Uint8Array): Promise<Uint8Array>;
  /**
   * The keyring's text.
   * @throws CacheError `ERR_CACHE_PASSPHRASE` for another passphrase or damaged bytes, `ERR_CACHE_KEY_FORMAT` and
   * `ERR_CACHE_UNSUPPORTED_VERSION` for what it did not write
   */
  unprotect(stored: Uint8Array): Promise<Uint8Array>;
}

/** The first 8 bytes of a protected keyring (format, "Protected keyring"). */
export const PROTECTED_MAGIC: Uint8Array = Uint8Array.of(0x89, 0x43, 0x4b, 0x52, 0x57, 0x0d, 0x0a, 0x1a);

/** Whether stored bytes claim to be a protected keyring. */
export function isProtected(stored: Uint8Array): boolean {
  return PROTECTED_MAGIC.every((byte, i) => stored[i] === byte);
}
