import { fileStore } from "@cache/cas";
import { type Cache, type CacheEvent, createCache, type Signer, structuredCodec } from "@cache/core";
import { Keyring, MasterKey, SigningKey } from "@cache/core/keyring";
import { sealer } from "@cache/crypto-envelope";
import { ed25519Signer } from "@cache/signer";

/** A new sealing key and a new signing key. */
export function freshKeyring(): Keyring {
  return Keyring.of(MasterKey.generate(), SigningKey.generate());
}

/** What may differ from one cache of this program to the next. */
export interface Variation {
  readonly onEvent?: (event: CacheEvent) => void;
  /** In place of the signer that the keyring makes; `null` for none. */
  readonly sign?: Signer | null;
  readonly namespace?: string;
  readonly ttl?: string;
  /** The clock, in milliseconds since 1970 UTC. */
  readonly now?: () => number;
}

/** The namespace of the program's entries. */
const NAMESPACE = "census";

/** Signs with the keyring's signing key and believes all of its keys that are not revoked. */
function signerOf(keyring: Keyring): Signer {
  return ed25519Signer({ identity: keyring.primarySigner, trusted: keyring });
}

/** Lower than the default, so that a demonstration of few files has content of its own, too. */
const INLINE_LIMIT = "2KB";

/** The cache of the program: files in a directory, sealed and signed. */
export function openCache(directory: string, keyring: Keyring, variation: Variation = {}): Cache {
  const { sign = signerOf(keyring), namespace = NAMESPACE, ttl = "7d", onEvent, now } = variation;
  return createCache({
    store: fileStore(directory),
    seal: sealer(keyring),
    sign: sign ?? undefined,
    codec: structuredCodec,
    inlineLimit: INLINE_LIMIT,
    ...{ namespace, ttl, onEvent, now },
  });
}
