import type { SigningIdentity } from "@cache/core";
import { checkOptions } from "@cache/core/adapter";
import { toHex } from "@cache/core/bytes";
import { TRUST_OPTIONS, type TrustOptions } from "../file/trust.ts";
import { checkStored, type PassOptions, pieceCounter } from "../verify/passes.ts";
import { withPackage } from "../verify/with-package.ts";
import { ED25519, encodeCosignature, type Times } from "./record.ts";

/** How a package is signed by a further key. */
export interface CosignOptions extends TrustOptions, PassOptions {
  /** Milliseconds since 1970 UTC. @defaultValue 0, so that the same key gives the same bytes */
  readonly created?: number | undefined;
  /** Milliseconds since 1970 UTC, in the future: from then on it counts for nothing. @defaultValue never */
  readonly expires?: number | undefined;
}

/** As far as dates go, ECMA-262. */
const LAST = 8_640_000_000_000_000;

const isTime = (time: unknown): boolean => Number.isInteger(time) && (time as number) >= 0 && (time as number) <= LAST;

/** @throws TypeError for what is no time, and for an end that is over or before its beginning */
function timesOf({ created = 0, expires, now = Date.now }: CosignOptions): Times {
  if (!isTime(created) || (expires !== undefined && !isTime(expires)))
    throw new TypeError("times are whole milliseconds since 1970, from 0 on");
  if (expires !== undefined && (expires <= created || expires <= now()))
    throw new TypeError("a signature that has expired counts for nothing");
  return { created, expires: expires ?? 0 };
}

/** Whoever verifies by a shared key could have signed by it, so that counts for nobody. @throws TypeError */
function requireEd25519(identity: SigningIdentity | undefined): void {
  if (identity !== undefined && identity.algorithm !== ED25519)
    throw new TypeError("a package is signed by an Ed25519 key; by a shared one any reader could sign");
}

/**
 * Signs a package by a further key: what it gives is kept beside the package, and counts where a {@link Cosigned} is demanded. The package is
 * verified first, every byte of it: `sign` has to believe who made it, and has an identity of its own.
 * @throws CacheError what `verifyBundle` throws, `ERR_CACHE_READ_ONLY` for a signer that only verifies
 * @throws TypeError for the key that made the package, since a key counts once; for one that is not Ed25519; for times that make no sense
 */
export async function cosignBundle(path: string, options: CosignOptions): Promise<Uint8Array> {
  checkOptions("cosignBundle", options, [...TRUST_OPTIONS, "signal", "onProgress", "created", "expires"]);
  const { sign, signal } = options;
  if (sign === undefined) throw new TypeError("cosignBundle needs a signer");
  requireEd25519(sign.identity);
  const times = timesOf(options);
  return await withPackage(path, options, async (file, head) => {
    if (sign.identity !== undefined && toHex(sign.identity.keyId) === toHex(head.keyId))
      throw new TypeError("this key made the package, and counts already");
    await checkStored(file, head, signal, pieceCounter(options));
    return encodeCosignature(head.record, head.statement, times, sign);
  });
}
