import { scryptAsync } from "@noble/hashes/scrypt.js";
import { BLOCK_SIZE, KEY_LENGTH, PARALLELISM, type Scrypt } from "./provider.ts";

/** scrypt in JavaScript, with pauses for others. */
export const scrypt: Scrypt = (passphrase, salt, logN) => {
  const N = 2 ** logN;
  const maxmem = 128 * N * BLOCK_SIZE + 2 ** 20;
  return scryptAsync(passphrase, salt, { N, r: BLOCK_SIZE, p: PARALLELISM, dkLen: KEY_LENGTH, maxmem });
};
