import { CacheError, refusalOf } from "@cache/core/adapter";
import { toHex } from "@cache/core/bytes";
import { expectedOf, signerOf, type TrustOptions } from "../file/trust.ts";
import type { Cosigned } from "./cosigned.ts";
import { type Cosigner, cosignerOf, ED25519 } from "./record.ts";

type OnUncounted = NonNullable<Cosigned["onUncounted"]>;

const countsAlready = (): CacheError => new CacheError("ERR_CACHE_UNSIGNED", "its key counts already");

/** Those that signed it, beside those that count already, each once. */
async function gather(
  signatures: readonly Uint8Array[],
  cosignerIn: (bytes: Uint8Array) => Promise<Cosigner>,
  own: readonly string[],
  onUncounted: OnUncounted,
): Promise<Cosigner[]> {
  const found = new Map<string, Cosigner>();
  for (const [at, bytes] of signatures.entries()) {
    const cosigner = await cosignerIn(bytes).catch(refusalOf);
    if (cosigner instanceof CacheError) onUncounted(at, cosigner);
    else if (own.includes(cosigner.keyId) || found.has(cosigner.keyId)) onUncounted(at, countsAlready());
    else found.set(cosigner.keyId, cosigner);
  }
  return [...found.values()];
}

/**
 * The keys beside its own that signed a package, when that is demanded; each counts once.
 * @throws CacheError `ERR_CACHE_UNSIGNED` when there are too few, with what was wrong with the others as its cause
 */
export async function demandCosigners(
  record: Uint8Array,
  { algorithm, keyId }: { readonly algorithm: number; readonly keyId: Uint8Array },
  options: TrustOptions,
): Promise<readonly Cosigner[]> {
  const { cosigned } = options;
  if (cosigned === undefined) return [];
  const { threshold, signatures, onUncounted } = cosigned;
  const own = algorithm === ED25519 ? [toHex(keyId)] : [];
  const refusals: CacheError[] = [];
  const cosignerIn = async (bytes: Uint8Array) => cosignerOf(bytes, record, expectedOf(options), signerOf(options));
  const cosigners = await gather(signatures, cosignerIn, own, (at, why) => {
    refusals.push(why);
    onUncounted?.(at, why);
  });
  const found = own.length + cosigners.length;
  if (found < threshold) throw tooFew(found, threshold, refusals);
  return cosigners;
}

function tooFew(found: number, threshold: number, refusals: readonly CacheError[]): CacheError {
  const why = `${threshold} keys that are believed have to sign the package, and ${found} did`;
  const cause = refusals.length > 0 ? new AggregateError(refusals, "signatures that do not count") : undefined;
  return new CacheError("ERR_CACHE_UNSIGNED", why, { cause });
}
