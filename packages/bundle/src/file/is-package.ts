import { isCacheError } from "@cache/core/adapter";
import { readClaim } from "@cache/core/record";
import { isPackageRecord, readRecord } from "./head.ts";
import { PackageFile } from "./package-file.ts";

/** Whether a file begins as packages do, whoever made it and whatever became of the rest. @throws CacheError `ERR_CACHE_STORE` */
export async function isPackage(path: string): Promise<boolean> {
  const file = await PackageFile.open(path);
  try {
    return isPackageRecord(readClaim(await readRecord(file)).statement);
  } catch (error) {
    if (isCacheError(error, "ERR_CACHE_FORMAT") || isCacheError(error, "ERR_CACHE_UNSUPPORTED_VERSION")) return false;
    throw error;
  } finally {
    await file.close();
  }
}
