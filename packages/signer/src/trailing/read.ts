import { CacheError } from "@cache/core";
import { checkOptions, parseSize, type Size } from "@cache/core/adapter";
import { crypto } from "@cache/core/crypto";
import { gunzip, looksCompressed } from "./gunzip.ts";
import type { HmacRawKey } from "./hmac-raw-key.ts";
import { MAX_KEYS, refuseAlike } from "./secret-keys.ts";
import { cutTrailer, proofBy } from "./trailer.ts";

/** Whom to believe, and how much to take. */
export interface ReadTrailingOptions {
  /** 1 to 16 keys, each of which is believed. */
  readonly keys: readonly HmacRawKey[];
  /**
   * Largest file, and largest content of a compressed one.
   * @defaultValue 64 MiB
   */
  readonly maxBytes?: Size | undefined;
  /**
   * How many times as large as the file its content may be, when it is compressed. The compression is outside the signature.
   * @defaultValue 1000
   */
  readonly maxRatio?: number | undefined;
}

/**
 * A payload that a holder of one of the keys signed, sometime, under some name. It is no verified entry: two files that were
 * exchanged verify, and so does an old one that was put back.
 */
export interface TrailingPayload {
  /** What was signed; never looked into. A part of the bytes that were given, unless they were compressed. */
  readonly payload: Uint8Array;
  /** Which of the keys signed. */
  readonly keyIndex: number;
  /** The file was compressed. */
  readonly compressed: boolean;
  /** What the signature covers: not the name of the file, and no time. */
  readonly binding: "payload-only";
}

const DEFAULTS = { maxBytes: 67_108_864, maxRatio: 1000 };

/**
 * Reads and verifies one file in fleche's trailing format.
 * @param bytes - the file, compressed or not
 * @throws CacheError `ERR_CACHE_UNSIGNED` without a signature, `ERR_CACHE_AUTH` for one by none of the keys, `ERR_CACHE_FORMAT`
 * for what is no such file, `ERR_CACHE_LIMIT` above a limit
 */
export async function readTrailing(bytes: Uint8Array, options: ReadTrailingOptions): Promise<TrailingPayload> {
  checkOptions("readTrailing", options, ["keys", "maxBytes", "maxRatio"]);
  if (!(bytes instanceof Uint8Array)) throw new TypeError("a file is a Uint8Array");
  const { keys, maxRatio = DEFAULTS.maxRatio } = options;
  const most = parseSize(options.maxBytes ?? DEFAULTS.maxBytes);
  checkKeys(keys);
  if (!(maxRatio >= 1)) throw new TypeError("maxRatio is a number from 1 on");
  if (bytes.byteLength > most) throw new CacheError("ERR_CACHE_LIMIT", "the file is larger than is allowed");
  const compressed = looksCompressed(bytes);
  const content = compressed ? await gunzip(bytes, Math.min(most, bytes.byteLength * maxRatio)) : bytes;
  const { payload, proof } = cutTrailer(content);
  return { payload, keyIndex: signedBy(keys, payload, proof), compressed, binding: "payload-only" };
}

function checkKeys(keys: readonly HmacRawKey[]): void {
  if (!Array.isArray(keys) || keys.length === 0) throw new TypeError("readTrailing needs the keys that are believed");
  if (!keys.every((key) => key?.type === "hmac-raw")) throw new TypeError("the keys are HmacRawKeys");
  if (keys.length > MAX_KEYS) throw new CacheError("ERR_CACHE_LIMIT", `at most ${MAX_KEYS} keys are believed`);
  refuseAlike(keys);
}

/** Tries every key, the right one found or not: how long it takes tells nothing of which one it was. */
function signedBy(keys: readonly HmacRawKey[], payload: Uint8Array, proof: Uint8Array): number {
  const held = keys.map((key) => crypto.equal(proofBy(key, payload), proof));
  const index = held.indexOf(true);
  if (index < 0) throw new CacheError("ERR_CACHE_AUTH", "the file is signed with none of these keys, or was changed");
  return index;
}
