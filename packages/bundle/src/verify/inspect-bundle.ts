import { toHex } from "@cache/core/bytes";
import { readClaimedHead } from "../file/head.ts";
import { PackageFile } from "../file/package-file.ts";
import { type BundleDescription, describe } from "./description.ts";

/** What a package claims. Nobody vouches for any of it. */
export interface ClaimedBundle extends BundleDescription {
  readonly trust: "unverified";
  /** Id of the key that it claims to be signed with, in hexadecimal; absent when it claims none. */
  readonly claimedKey?: string | undefined;
}

/**
 * What a package claims, for people who want to look at one without keys. Nothing was verified: act on no word of it.
 * @throws CacheError `ERR_CACHE_FORMAT`, `ERR_CACHE_UNSUPPORTED_VERSION`, `ERR_CACHE_AUTH` for a manifest or a description of
 * another digest, `ERR_CACHE_LIMIT`, `ERR_CACHE_STORE`
 */
export async function inspectBundle(path: string): Promise<ClaimedBundle> {
  const file = await PackageFile.open(path);
  try {
    const head = await readClaimedHead(file);
    const claimedKey = head.algorithm === 0 ? undefined : toHex(head.keyId);
    return { ...describe(head, file.size), trust: "unverified", claimedKey };
  } finally {
    await file.close();
  }
}
