import { statfs } from "node:fs/promises";
import { CacheError, parseSize, type Size, storeError } from "@cache/core/adapter";
import type { Plan } from "./plan.ts";

/** What an extraction may take unless its caller says otherwise: 16 GiB. */
const MOST = 17_179_869_184;

/**
 * Fails before anything is written when a package takes more than may be, or more than there is.
 * @throws CacheError `ERR_CACHE_LIMIT`, `ERR_CACHE_STORE`
 */
export async function checkRoom(directory: string, { size }: Plan, maxBytes: Size = MOST): Promise<void> {
  if (size > parseSize(maxBytes))
    throw new CacheError("ERR_CACHE_LIMIT", "the package is larger than allowed once extracted");
  const { bavail, bsize } = await statfs(directory).catch((error: unknown) => {
    throw storeError("looking for room", error);
  });
  if (bavail * bsize < size) throw noRoom();
}

function noRoom(): unknown {
  return storeError("looking for room", Object.assign(new Error("too little is free"), { code: "ENOSPC" }));
}
