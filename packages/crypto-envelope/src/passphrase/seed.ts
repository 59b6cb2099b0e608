import { CacheError } from "@cache/core";
import { utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { SigningKey } from "@cache/core/keyring";
import { scrypt } from "#kdf";

/** Names the purpose, so that nothing else that is derived from the same seed gives this key (format, "Keys"). */
const SALT = "cache/v1/key-from-seed/ed25519";
/** log2 of scrypt's N, as a keyring file that is protected costs. */
const COST = 17;

const LEAST = 16;
const MOST = 1024;
const LEAST_DIFFERENT = 8;

const weak = (why: string): CacheError => new CacheError("ERR_CACHE_WEAK_KEY", `not a seed: ${why}`);

/** Whether it is a shorter piece again and again, such as `password` twice. */
function isRepeated(seed: Uint8Array): boolean {
  for (let period = 1; period <= seed.byteLength / 2; period++) {
    if (crypto.equal(seed.subarray(period), seed.subarray(0, -period))) return true;
  }
  return false;
}

/** Whether each byte is the one before it and the same number more: the alphabet, a counter. */
function isCounted(seed: Uint8Array): boolean {
  const step = (at: number): number => ((seed[at] ?? 0) - (seed[at - 1] ?? 0) + 256) % 256;
  return seed.every((_, at) => at < 2 || step(at) === step(1));
}

function refuseGuessable(seed: Uint8Array): void {
  if (seed.byteLength < LEAST || seed.byteLength > MOST) throw weak(`it has ${LEAST} to ${MOST} bytes`);
  if (new Set(seed).size < LEAST_DIFFERENT) throw weak(`it has fewer than ${LEAST_DIFFERENT} different bytes`);
  if (isRepeated(seed)) throw weak("a part of it is repeated");
  if (isCounted(seed)) throw weak("its bytes only count");
}

/**
 * The Ed25519 key of a seed, the same on every machine: for builds that have to be repeated to the byte, by somebody who was given the
 * seed. scrypt with 128 MiB and a fixed salt (format, "Keys"), so each guess at a seed costs as much as this call, most of a second. Since
 * the salt is fixed, one guess tests all such keys at once: let the seed be random, as `openssl rand -hex 32` makes it. Keys that need not be
 * made again are made by `SigningKey.generate`.
 * @param seed - 16 to 1024 bytes, all of which count; a copy is used and erased
 * @throws CacheError `ERR_CACHE_WEAK_KEY` for another length, and for what is obviously no secret
 */
export async function signingKeyFromSeed(seed: Uint8Array): Promise<SigningKey> {
  if (!(seed instanceof Uint8Array)) throw new TypeError("a seed is a Uint8Array");
  const own = new Uint8Array(seed);
  try {
    refuseGuessable(own);
    const secret = await scrypt(own, utf8(SALT), COST);
    const key = SigningKey.import(secret);
    secret.fill(0);
    return key;
  } finally {
    own.fill(0);
  }
}
