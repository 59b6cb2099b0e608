import { resolve } from "node:path";
import type { Store } from "@cache/core";
import { checkOptions } from "@cache/core/adapter";
import { type EntrySelection, type TransferReport, type TransferSide, transferEntries } from "@cache/core/maintenance";
import { type CreatedBundle, createPackage } from "../create/create-bundle.ts";
import { type CreateOptions, checkCreateOptions } from "../create/options.ts";
import { requirePlace } from "../create/write-package.ts";
import { nameBytes } from "../file/trust.ts";
import { pieceCounter } from "../verify/passes.ts";
import { increments } from "./increments.ts";
import { requireEmpty, storeMembers } from "./store-members.ts";

/** Which entries go into a package, and as what it is made. Its `sign` is that of the cache. */
export interface ExportOptions extends Omit<CreateOptions, "sign" | "launch" | "compression"> {
  /** The slots of the cache whose entries are exported. `sign` signs the package, too. */
  readonly from: TransferSide;
  /**
   * Where the entries are put together: an empty store that nobody else uses, such as `ephemeralStore` of `@cache/cas`. It holds as much as
   * the package in the end, sealed if the cache is, and is the caller's to remove.
   */
  readonly staging: Store;
  /**
   * Which entries.
   * @defaultValue all, of all namespaces
   */
  readonly entries?: EntrySelection | undefined;
}

/** A package of entries that was made. */
export interface ExportedEntries {
  /** Absent: none was made, and a package that was there is as it was. */
  readonly bundle?: CreatedBundle | undefined;
  /** What became of the entries; those `copied` are in the package. */
  readonly transfer: TransferReport;
}

const OPTIONS = [
  ...["name", "namespace", "version", "created", "expires", "sequence", "writer", "signal", "onProgress"],
  ...["from", "staging", "entries"],
] as readonly (keyof ExportOptions)[];

/** Whether somebody loses more by a package than they gain: one in the place of another is expected to have what was asked for. */
function isPoorer({ copied, missing }: TransferReport, isThere: boolean): boolean {
  return isThere ? copied === 0 || missing > 0 : copied === 0 && missing > 0;
}

/**
 * Makes a package of entries of a cache, for `importEntries` elsewhere. Each entry is verified as a read would and comes with the content it
 * needs; the package has it signed by the key of the exporter and sealed by the primary key, if the cache is sealed. What does not hold
 * or has expired is counted and left out. A package that lacks a key that was named, or in which nothing is, takes the place of none. The package appears whole or not at all. It has at most 99 999 members: one for an entry, one for a
 * value above 64 KiB and each further content, and in a sealed cache as many notes as entries and further contents.
 * @param path - of the file; a package that is there is replaced, and anything else refused
 * @throws CacheError `ERR_CACHE_READ_ONLY` for a signer that only verifies, `ERR_CACHE_LIMIT` for too many members,
 * `ERR_CACHE_UNSAFE_PATH`, `ERR_CACHE_STORE`
 * @throws TypeError for a staging store that is not empty
 */
export async function exportEntries(path: string, options: ExportOptions): Promise<ExportedEntries> {
  checkOptions("exportEntries", options, OPTIONS);
  const { from, staging, entries, signal, onProgress, ...said } = options;
  const { seal, sign, now } = from;
  checkCreateOptions({ ...said, sign });
  nameBytes(said.name);
  const isThere = await requirePlace(resolve(path));
  await requireEmpty(staging, { signal });
  const counted = pieceCounter({ onProgress });
  const to = { store: staging, seal, sign, now };
  const asked = { namespace: entries?.namespace, keys: entries?.keys, prefix: entries?.prefix };
  const transfer = await transferEntries({ from, to, ...asked, signal, onProgress: increments(counted) });
  if (isPoorer(transfer, isThere)) return { transfer };
  const contents = seal === undefined ? "entries" : "sealed-entries";
  const packing = { ...said, sign, contents, signal, onProgress: increments(counted) } as const;
  return { bundle: await createPackage(path, storeMembers(staging, { signal }), packing), transfer };
}
