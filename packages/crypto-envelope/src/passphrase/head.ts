import { CacheError } from "@cache/core";
import { concat } from "@cache/core/bytes";
import { isProtected, PROTECTED_MAGIC } from "@cache/core/keyring";
import { BLOCK_SIZE, PARALLELISM } from "../kdf/provider.ts";

/** Length in bytes of what stands in front of the message (format, "Protected keyring"). */
export const HEAD_LENGTH = 32;
/** Length in bytes of scrypt's salt. */
export const KDF_SALT_LENGTH = 16;

const VERSION = 1;
const SCRYPT = 1;
/** Bounds of log2 N: below, guessing is cheap; above, a planted file takes a gigabyte of memory and more. */
const COSTS = { least: 15, most: 20 };

/** What a reader needs to know before it asks for anything. */
export interface Head {
  /** log2 of scrypt's N. */
  readonly logN: number;
  /** 16 bytes. */
  readonly salt: Uint8Array;
}

export function encodeHead({ logN, salt }: Head): Uint8Array {
  return concat(PROTECTED_MAGIC, Uint8Array.of(VERSION, SCRYPT, logN, BLOCK_SIZE, PARALLELISM, 0, 0, 0), salt);
}

const malformed = (why: string): CacheError =>
  new CacheError("ERR_CACHE_KEY_FORMAT", `the keyring file is not usable: ${why}`);

/** @throws CacheError `ERR_CACHE_KEY_FORMAT`, `ERR_CACHE_UNSUPPORTED_VERSION` */
export function decodeHead(bytes: Uint8Array): Head {
  if (bytes.byteLength < HEAD_LENGTH || !isProtected(bytes)) {
    throw malformed("it is not protected by a passphrase");
  }
  const [version, kdf, logN = 0, r, p, ...zeros] = bytes.subarray(8, 16);
  if (version !== VERSION || kdf !== SCRYPT) {
    throw new CacheError("ERR_CACHE_UNSUPPORTED_VERSION", "the keyring file is protected in another version's way");
  }
  if (logN < COSTS.least || logN > COSTS.most || r !== BLOCK_SIZE || p !== PARALLELISM) {
    throw malformed("the cost of its passphrase is out of bounds");
  }
  if (zeros.some((byte) => byte !== 0)) throw malformed("reserved bytes are set");
  return { logN, salt: bytes.slice(16, HEAD_LENGTH) };
}
