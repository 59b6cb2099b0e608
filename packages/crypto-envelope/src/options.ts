import { CacheError } from "@cache/core";
import { checkOptions } from "@cache/core/adapter";
import type { CryptoProvider } from "@cache/core/crypto";
import { type Keyring, type KeyringSource, keyringGetter, type MasterKey } from "@cache/core/keyring";
import type { AeadProvider, Suite } from "./aead/provider.ts";
import type { Primitives } from "./message/derive.ts";

/** How envelopes are written and read. */
export interface SealerOptions {
  /**
   * The suite to write: 1 AES-256-GCM, 2 ChaCha20-Poly1305.
   * @defaultValue 1 where AES is native, otherwise 2
   */
  readonly suite?: Suite | undefined;
  /**
   * The suites to read, of which the one that is written is one.
   * @defaultValue both
   */
  readonly accept?: readonly Suite[] | undefined;
  /**
   * Compare the SHA-256 of opened content (`blobs`) with its name. Every tag holds by then: this guards against a
   * writer who holds the key and lies. Leave it on unless one trusted program writes. Entries are always compared.
   * @defaultValue true
   */
  readonly verifyDigest?: boolean | undefined;
  /**
   * Largest content in bytes that `open` takes into memory.
   * @defaultValue 64 MiB
   */
  readonly maxBufferedBytes?: number | undefined;
}

/** The primitives of a platform. */
export interface Providers {
  readonly crypto: CryptoProvider;
  readonly aead: AeadProvider;
}

/** Everything that sealing and opening need. */
export interface Sealing extends Providers {
  readonly suite: Suite;
  readonly accept: readonly Suite[];
  readonly verifyDigest: boolean;
  readonly maxBufferedBytes: number;
  /** The present one. */
  keyring(): Keyring;
}

/** @throws TypeError for a suite that does not exist or is written but not read, or a limit that is no number of bytes */
export function settleSealing(providers: Providers, source: KeyringSource, options: SealerOptions): Sealing {
  checkOptions("sealer", options, ["suite", "accept", "verifyDigest", "maxBufferedBytes"]);
  const { suite = providers.aead.nativeAes ? 1 : 2, accept = [1, 2] } = options;
  for (const each of [suite, ...accept]) if (each !== 1 && each !== 2) throw new TypeError("the suites are 1 and 2");
  if (!accept.includes(suite)) throw new TypeError("the suite that is written is one of those that are read");
  const { verifyDigest = true, maxBufferedBytes = 67_108_864 } = options;
  if (!(maxBufferedBytes >= 0)) throw new TypeError("maxBufferedBytes is a number of bytes");
  return { ...providers, suite, accept, verifyDigest, maxBufferedBytes, keyring: keyringGetter(source) };
}

/** What messages of one suite are made with. */
export function primitivesOf({ crypto, aead }: Providers, suite: Suite): Primitives {
  return { crypto, aead: aead.suite(suite) };
}

/** The key to write under. @throws CacheError `ERR_CACHE_READ_ONLY` when the keyring only reads */
export function writingKey({ keyring }: Sealing): MasterKey {
  const { primary } = keyring();
  if (primary === undefined) throw new CacheError("ERR_CACHE_READ_ONLY", "the keyring has no primary key to seal with");
  return primary;
}
