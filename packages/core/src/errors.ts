import { withoutKeys } from "./without-keys.ts";

/**
 * Every code an error of this toolkit can carry. Codes are contract and never change meaning; messages are prose.
 * Each has a heading in `docs/errors.md` that says what to do.
 */
export type CacheErrorCode =
  /** Bytes that are not what the format document describes. */
  | "ERR_CACHE_FORMAT"
  | "ERR_CACHE_UNSUPPORTED_VERSION"
  | "ERR_CACHE_UNSUPPORTED_SUITE"
  /** Larger than the caller or the format allows. */
  | "ERR_CACHE_LIMIT"
  /** Written under a key this process does not have. */
  | "ERR_CACHE_UNKNOWN_KEY"
  | "ERR_CACHE_REVOKED_KEY"
  /** A proof, tag, digest, length or binding does not hold. One code, no hint which. */
  | "ERR_CACHE_AUTH"
  /** No signature at all, where only what is signed is believed. */
  | "ERR_CACHE_UNSIGNED"
  | "ERR_CACHE_EXPIRED"
  | "ERR_CACHE_NOT_YET_VALID"
  | "ERR_CACHE_ROLLBACK"
  | "ERR_CACHE_WEAK_KEY"
  | "ERR_CACHE_KEY_FORMAT"
  | "ERR_CACHE_KEY_PERMISSIONS"
  | "ERR_CACHE_KEY_TYPE"
  /** A passphrase that is missing, too short, or not that of the keyring file. */
  | "ERR_CACHE_PASSPHRASE"
  /** A secret key in what is made to be given to others. */
  | "ERR_CACHE_SECRET"
  /** The store could not do its work. Never means "absent". */
  | "ERR_CACHE_STORE"
  /** A directory or file that others could have prepared. */
  | "ERR_CACHE_UNSAFE_PATH"
  /** The store's layout on the medium is of another version or shape. */
  | "ERR_CACHE_LAYOUT"
  /** A write to a store or cache that only reads. */
  | "ERR_CACHE_READ_ONLY"
  /** A value the codec cannot encode, or verified bytes it cannot decode, or a value its schema refuses. */
  | "ERR_CACHE_CODEC"
  /** An argument or value without content to make a digest of. */
  | "ERR_CACHE_UNDIGESTIBLE"
  /** A short form that several things begin with. */
  | "ERR_CACHE_AMBIGUOUS"
  /** A delta engine that is not there, or that could not do its work. Nothing is wrong with what is stored. */
  | "ERR_CACHE_ENGINE"
  /** A configuration that cannot be used. */
  | "ERR_CACHE_CONFIG"
  /** A configuration that was found, and that the user has not trusted as it is. */
  | "ERR_CACHE_UNTRUSTED";

/**
 * The one error class. Test `code`, not `instanceof`: two copies of a package can be loaded at once. What looks like a key is left out of
 * the message.
 */
export class CacheError extends Error {
  override readonly name = "CacheError";
  readonly code: CacheErrorCode;

  constructor(code: CacheErrorCode, message: string, options?: { cause?: unknown }) {
    super(withoutKeys(message), options);
    this.code = code;
  }
}

/** True for a {@link CacheError} of any loaded copy of this package, optionally of one code. */
export function isCacheError(error: unknown, code?: CacheErrorCode): error is CacheError {
  if (!(error instanceof Error) || error.name !== "CacheError") return false;
  return code === undefined || (error as CacheError).code === code;
}
