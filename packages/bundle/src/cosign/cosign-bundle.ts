import { checkOptions } from "@cache/core/adapter";
import { toHex } from "@cache/core/bytes";
import { TRUST_OPTIONS, type TrustOptions } from "../file/trust.ts";
import { checkStored, type PassOptions, pieceCounter } from "../verify/passes.ts";
import { withPackage } from "../verify/with-package.ts";
import { encodeCosignature } from "./record.ts";

/** How a package is signed by a further key. */
export interface CosignOptions extends TrustOptions, PassOptions {
  /** Milliseconds since 1970 UTC. @defaultValue 0, so that the same key gives the same bytes */
  readonly created?: number | undefined;
  /** Milliseconds since 1970 UTC: from then on it counts for nothing. @defaultValue never */
  readonly expires?: number | undefined;
}

/**
 * Signs a package by a further key: what it gives is kept beside the package, and counts where a {@link Cosigned} is demanded. The package is
 * verified first, every byte of it: `sign` has to believe who made it, and has an identity of its own.
 * @throws CacheError what `verifyBundle` throws, `ERR_CACHE_READ_ONLY` for a signer that only verifies
 * @throws TypeError for the key that made the package, since a key counts once
 */
export async function cosignBundle(path: string, options: CosignOptions): Promise<Uint8Array> {
  checkOptions("cosignBundle", options, [...TRUST_OPTIONS, "signal", "onProgress", "created", "expires"]);
  const { sign, created = 0, expires = 0, signal } = options;
  if (sign === undefined) throw new TypeError("cosignBundle needs a signer");
  return await withPackage(path, options, async (file, head) => {
    if (sign.identity !== undefined && toHex(sign.identity.keyId) === toHex(head.keyId))
      throw new TypeError("this key made the package, and counts already");
    await checkStored(file, head, signal, pieceCounter(options));
    return encodeCosignature(head.record, head.statement, { created, expires }, sign);
  });
}
