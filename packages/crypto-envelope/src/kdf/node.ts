import { scrypt as nodeScrypt, type ScryptOptions } from "node:crypto";
import { promisify } from "node:util";
import { BLOCK_SIZE, KEY_LENGTH, PARALLELISM, type Scrypt } from "./provider.ts";

const run = promisify<Uint8Array, Uint8Array, number, ScryptOptions, Buffer>(nodeScrypt);

/** Node's scrypt, off the main thread. */
export const scrypt: Scrypt = async (passphrase, salt, logN) => {
  const N = 2 ** logN;
  // Node refuses more than 32 MiB unless told; what it counts is a little above 128 N r.
  const maxmem = 128 * N * BLOCK_SIZE + 2 ** 20;
  const key = await run(passphrase, salt, KEY_LENGTH, { N, r: BLOCK_SIZE, p: PARALLELISM, maxmem });
  return new Uint8Array(key);
};
