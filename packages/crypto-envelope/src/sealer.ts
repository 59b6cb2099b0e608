import { CacheError, type Sealer } from "@cache/core";
import { crypto } from "@cache/core/crypto";
import type { KeyringSource } from "@cache/core/keyring";
import { aead } from "#aead";
import { addresses, bindingOf } from "./envelope/binding.ts";
import { inspectEnvelope } from "./envelope/inspect.ts";
import { openEnvelope } from "./envelope/open.ts";
import { openEnvelopeRange, openEnvelopeStream } from "./envelope/open-stream.ts";
import { sealEnvelope, sealEnvelopeStream } from "./envelope/seal.ts";
import { type Providers, type SealerOptions, settleSealing } from "./options.ts";

/**
 * Seals what a cache stores: authenticated encryption that commits to its key, bound to namespace, kind and name, under
 * stored names that say nothing without the key. Writes under the keyring's primary, reads under every key that is not
 * revoked. Without a primary it only reads, and sealing throws `ERR_CACHE_READ_ONLY`.
 * @param keyring - a keyring, or a function that gives the present one, so that a rotation reaches a running process
 */
export function sealer(keyring: KeyringSource, options: SealerOptions = {}): Sealer {
  return sealerWith({ crypto, aead }, keyring, options);
}

/** As {@link sealer}, by primitives of the caller's choice instead of the platform's. */
export function sealerWith(providers: Providers, keyring: KeyringSource, options: SealerOptions = {}): Sealer {
  const sealing = settleSealing(providers, keyring, options);
  return {
    names(context) {
      const binding = bindingOf(context);
      const { masters } = sealing.keyring();
      if (masters.length === 0) throw new CacheError("ERR_CACHE_KEY_TYPE", "the keyring has no master key that reads");
      return addresses(providers.crypto, masters, binding);
    },
    seal: (context, content, metadata) => sealEnvelope(sealing, context, content, metadata),
    open: (context, sealed) => openEnvelope(sealing, context, sealed),
    sealStream: (namespace, content, metadata) => sealEnvelopeStream(sealing, namespace, content, metadata),
    openStream: (context, read, length) => openEnvelopeStream(sealing, context, read, length),
    openRange: (context, read, length, range) => openEnvelopeRange(sealing, context, read, length, range),
    inspect: (prefix) => inspectEnvelope(sealing, prefix),
  };
}
