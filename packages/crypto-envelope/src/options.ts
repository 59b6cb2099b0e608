import { CacheError } from "@cache/core";
import type { CryptoProvider } from "@cache/core/crypto";
import { currentKeyring, type Keyring, type KeyringSource, type MasterKey } from "@cache/core/keyring";
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
   * The suites to read.
   * @defaultValue both
   */
  readonly accept?: readonly Suite[] | undefined;
  /**
   * Compare the SHA-256 of opened content with what its metadata states. The tags already hold by then; this guards
   * against a writer who holds the key and lies. Leave it on unless one trusted program writes.
   * @defaultValue true
   */
  readonly verifyDigest?: boolean | undefined;
  /**
   * Largest content in bytes that `open` takes into memory.
   * @defaultValue 64 MiB
   */
  readonly maxBufferedBytes?: number | undefined;
}

/** Everything that sealing and opening need. */
export interface Sealing {
  readonly crypto: CryptoProvider;
  readonly aead: AeadProvider;
  readonly suite: Suite;
  readonly accept: readonly Suite[];
  readonly verifyDigest: boolean;
  readonly maxBufferedBytes: number;
  keyring(): Keyring;
}

/** @throws TypeError for a suite that does not exist */
export function settleSealing(
  providers: { readonly crypto: CryptoProvider; readonly aead: AeadProvider },
  source: KeyringSource,
  options: SealerOptions,
): Sealing {
  const { suite = providers.aead.nativeAes ? 1 : 2, accept = [1, 2], verifyDigest = true } = options;
  for (const each of [suite, ...accept]) if (each !== 1 && each !== 2) throw new TypeError("the suites are 1 and 2");
  const maxBufferedBytes = options.maxBufferedBytes ?? 67_108_864;
  return { ...providers, suite, accept, verifyDigest, maxBufferedBytes, keyring: () => currentKeyring(source) };
}

/** What one suite works with. */
export function primitivesOf({ crypto, aead }: Sealing, suite: Suite): Primitives {
  return { crypto, aead: aead.suite(suite) };
}

/** The key to write under. @throws CacheError `ERR_CACHE_READ_ONLY` when the keyring only reads */
export function writingKey(sealing: Sealing): MasterKey {
  const { primary } = sealing.keyring();
  if (primary === undefined) throw new CacheError("ERR_CACHE_READ_ONLY", "the keyring has no primary key to seal with");
  return primary;
}
