import { CacheError } from "@cache/core";
import { fromHex, fromUtf8, toHex, utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import type { HmacRawKey } from "./hmac-raw-key.ts";

/** Length of the signature as it is written: lower-case hexadecimal digits. */
const DIGITS = 64;

/** The last byte of a pickle, which no hexadecimal digit is. */
export const STOP = 0x2e;

/** A file cut where its signature begins; nothing is believed yet. */
export interface Cut {
  readonly payload: Uint8Array;
  /** 32 bytes. */
  readonly proof: Uint8Array;
}

/**
 * @throws CacheError `ERR_CACHE_UNSIGNED` for what ends as a payload does, `ERR_CACHE_FORMAT` for anything else that does not
 * end in a payload's last byte and 64 lower-case digits
 */
export function cutTrailer(bytes: Uint8Array): Cut {
  if (bytes.at(-1) === STOP) throw new CacheError("ERR_CACHE_UNSIGNED", "the file has no signature");
  const payload = bytes.subarray(0, -DIGITS);
  const proof = payload.at(-1) === STOP ? proofOf(bytes.subarray(-DIGITS)) : undefined;
  if (proof === undefined)
    throw new CacheError("ERR_CACHE_FORMAT", "the file does not end in a payload and a signature");
  return { payload, proof };
}

function proofOf(digits: Uint8Array): Uint8Array | undefined {
  // fleche writes lower case and refuses upper case: one signature has one form.
  const isDigit = (byte: number): boolean => (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66);
  return digits.every(isDigit) ? fromHex(fromUtf8(digits)) : undefined;
}

/** HMAC-SHA-256 over a payload. */
export function proofBy(key: HmacRawKey, payload: Uint8Array): Uint8Array {
  return crypto.hmac("sha256", key.reveal(), payload);
}

/** A signature as it stands in a file. */
export function trailerOf(proof: Uint8Array): Uint8Array {
  return utf8(toHex(proof));
}
