import { CacheError, refusalOf } from "@cache/core/adapter";
import { toHex } from "@cache/core/bytes";
import { expectedOf, signerOf, type TrustOptions } from "../file/trust.ts";
import { checkCosigned } from "./cosigned.ts";
import { cosignerOf, ED25519 } from "./record.ts";

/**
 * The keys beside its own that signed a package, when that is demanded; each counts once.
 * @returns their ids in hexadecimal
 * @throws CacheError `ERR_CACHE_UNSIGNED` when there are too few, with what was wrong with the others as its cause
 */
export async function demandCosigners(
  record: Uint8Array,
  { algorithm, keyId }: { readonly algorithm: number; readonly keyId: Uint8Array },
  options: TrustOptions,
): Promise<readonly string[]> {
  const { cosigned } = options;
  if (cosigned === undefined) return [];
  checkCosigned(cosigned);
  const own = algorithm === ED25519 ? [toHex(keyId)] : [];
  const signers = new Set(own);
  const refusals: CacheError[] = [];
  for (const bytes of cosigned.signatures) {
    try {
      const signer = await cosignerOf(bytes, record, expectedOf(options), signerOf(options));
      if (signer !== undefined) signers.add(toHex(signer));
    } catch (error) {
      refusals.push(refusalOf(error));
    }
  }
  const { threshold } = cosigned;
  if (signers.size < threshold) throw tooFew(signers.size, threshold, refusals);
  return [...signers].filter((id) => !own.includes(id));
}

function tooFew(found: number, threshold: number, refusals: readonly CacheError[]): CacheError {
  const why = `${threshold} keys that are believed have to sign the package, and ${found} did`;
  const cause = refusals.length > 0 ? new AggregateError(refusals, "signatures that do not count") : undefined;
  return new CacheError("ERR_CACHE_UNSIGNED", why, { cause });
}
