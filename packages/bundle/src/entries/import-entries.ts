import type { Sealer } from "@cache/core";
import { checkOptions } from "@cache/core/adapter";
import { type TransferReport, type TransferSide, transferEntries } from "@cache/core/maintenance";
import { TRUST_OPTIONS, type TrustOptions } from "../file/trust.ts";
import { describeVerified, type VerifiedBundle } from "../verify/description.ts";
import { checkStored, type PassOptions, pieceCounter } from "../verify/passes.ts";
import { withPackage } from "../verify/with-package.ts";
import { increments } from "./increments.ts";
import { PackageStore } from "./package-store.ts";
import { sealOf } from "./readable.ts";

/** Whom to believe, and where the entries go. `sign` verifies the package and each entry in it. */
export interface ImportOptions extends TrustOptions, PassOptions {
  /** Opens what is sealed in the package: with the master key of the exporter. */
  readonly seal?: Sealer | undefined;
  /** The slots of the cache that gets the entries. It states, signs and seals each anew. */
  readonly to: TransferSide;
  /**
   * Replace what is there under the same key.
   * @defaultValue false
   */
  readonly overwrite?: boolean | undefined;
  /**
   * Verify and count, and change nothing in the cache.
   * @defaultValue false
   */
  readonly dryRun?: boolean | undefined;
}

/** A package whose entries were imported. */
export interface ImportedEntries {
  readonly bundle: VerifiedBundle;
  readonly transfer: TransferReport;
}

const OPTIONS = [...TRUST_OPTIONS, "signal", "onProgress", "seal", "to", "overwrite", "dryRun"] as const;

/**
 * Brings the entries of a package into a cache. First the whole package is verified, every byte of it; then each entry is verified as a read
 * would, and written by the cache's own keys with the times it had. An entry is there whole or not at all, so an import that was
 * interrupted is run again and goes on. What does not hold for these keys is counted and left.
 * @throws CacheError what {@link verifyBundle} throws; `ERR_CACHE_FORMAT` for a package of files, `ERR_CACHE_UNKNOWN_KEY` for sealed entries
 * without `seal`, `ERR_CACHE_UNSIGNED` with `seal` for entries that are neither sealed nor signed, `ERR_CACHE_READ_ONLY` for a cache that
 * cannot write
 */
export async function importEntries(path: string, options: ImportOptions): Promise<ImportedEntries> {
  checkOptions("importEntries", options, OPTIONS);
  const { to, overwrite, dryRun, sign, now, signal } = options;
  return await withPackage(path, options, async (file, head) => {
    const seal = sealOf(head, options.seal);
    const counted = pieceCounter(options);
    await checkStored(file, head, signal, counted);
    const from = { store: new PackageStore(file, head), seal, sign, now, maxBufferedBytes: to.maxBufferedBytes };
    const onProgress = increments(counted);
    const transfer = await transferEntries({ from, to, overwrite, dryRun, signal, onProgress });
    return { bundle: describeVerified(head, file.size, options), transfer };
  });
}
