import { CacheError, type Sealer } from "@cache/core";
import { type CryptoProvider, crypto } from "@cache/core/crypto";
import type { KeyringSource } from "@cache/core/keyring";
import { aead } from "#aead";
import type { AeadProvider } from "./aead/provider.ts";
import { address, checkContext } from "./envelope/context.ts";
import { openEnvelope } from "./envelope/open.ts";
import { openEnvelopeRange, openEnvelopeStream } from "./envelope/open-stream.ts";
import { decodePrefix } from "./envelope/prefix.ts";
import { sealEnvelope, sealEnvelopeStream } from "./envelope/seal.ts";
import { type SealerOptions, type Sealing, settleSealing } from "./options.ts";

/**
 * Seals what a cache stores: authenticated encryption that commits to its key, bound to namespace, kind and name, under
 * names that say nothing without the key. Writes under the keyring's primary, reads under every key that is not revoked.
 * @param keyring - a keyring, or a function that gives the present one
 */
export function sealer(keyring: KeyringSource, options: SealerOptions = {}): Sealer {
  return sealerWith({ crypto, aead }, keyring, options);
}

/** As {@link sealer}, by given providers. */
export function sealerWith(
  providers: { readonly crypto: CryptoProvider; readonly aead: AeadProvider },
  keyring: KeyringSource,
  options: SealerOptions = {},
): Sealer {
  const sealing = settleSealing(providers, keyring, options);
  return {
    names(context) {
      checkContext(context);
      const { masters } = sealing.keyring();
      if (masters.length === 0) throw new CacheError("ERR_CACHE_KEY_TYPE", "the keyring has no master key that reads");
      return masters.map((master) => address(providers.crypto, master, context));
    },
    seal: (context, content, metadata) => sealEnvelope(sealing, context, content, metadata),
    open: (context, sealed) => openEnvelope(sealing, context, sealed),
    sealStream: (namespace, content, metadata) => sealEnvelopeStream(sealing, namespace, content, metadata),
    openStream: (context, read, length) => openEnvelopeStream(sealing, context, read, length),
    openRange: (context, read, length, range) => openEnvelopeRange(sealing, context, read, length, range),
    inspect: (prefix) => inspect(sealing, prefix),
  };
}

function inspect(sealing: Sealing, bytes: Uint8Array): ReturnType<Sealer["inspect"]> {
  const keyId = claimedKey(bytes);
  if (keyId === undefined) return undefined;
  const entry = sealing.keyring().find(keyId);
  if (entry?.type !== "master") return { keyId, state: "unknown" };
  return { keyId, state: entry.key === undefined ? "revoked" : "readable" };
}

function claimedKey(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return decodePrefix(bytes).keyId;
  } catch {
    // What has no valid prefix claims nothing.
    return undefined;
  }
}
