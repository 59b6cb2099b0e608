/** scrypt (RFC 7914) with r = 8 and p = 1: 32 bytes, at the cost of 2^`logN` KiB of memory. */
export type Scrypt = (passphrase: Uint8Array, salt: Uint8Array, logN: number) => Promise<Uint8Array>;

/** The block size and the parallelism that keyring files use. */
export const BLOCK_SIZE = 8;
export const PARALLELISM = 1;
export const KEY_LENGTH = 32;
