import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { storeError } from "@cache/core/adapter";
import { fromUtf8 } from "@cache/core/bytes";
import { readClaim } from "@cache/core/record";
import { RECORD } from "./ensure.ts";
import { isDigest, type Layout } from "./layout.ts";
import { namesIn, unlessGone } from "./leases.ts";
import { readRegular } from "./read-regular.ts";

/** A package that was extracted. Nothing of it was verified for this listing. */
export interface ExtractedPackage {
  /** SHA-256 of its manifest, in hexadecimal. */
  readonly digest: string;
  /** What the record beside it claims; absent when there is none that can be read. */
  readonly name?: string | undefined;
  /** Bytes of its files. */
  readonly size: number;
  /** Milliseconds since 1970 UTC. */
  readonly lastUsed: number;
}

/** Longest record. */
const MOST = 66_000;

async function sizeOf(path: string): Promise<number> {
  let size = 0;
  for (const entry of (await readdir(path, { withFileTypes: true }).catch(unlessGone)) ?? []) {
    const below = join(path, entry.name);
    if (entry.isDirectory()) size += await sizeOf(below);
    else size += (await lstat(below).catch(unlessGone))?.size ?? 0;
  }
  return size;
}

async function claimedName(entry: string): Promise<string | undefined> {
  try {
    const bytes = await readRegular(join(entry, RECORD), MOST);
    return bytes && fromUtf8(readClaim(bytes).statement.key);
  } catch {
    // A listing does without it; who runs the package reads the package.
    return undefined;
  }
}

/** Every extracted package. @throws CacheError `ERR_CACHE_STORE` */
export async function* inventory(layout: Layout): AsyncGenerator<ExtractedPackage> {
  try {
    for (const digest of (await namesIn(layout.packages)).filter(isDigest)) {
      const entry = layout.entry(digest);
      const found = await lstat(entry).catch(unlessGone);
      if (found === undefined) continue;
      const [name, size] = [await claimedName(entry), await sizeOf(entry)];
      yield { digest, name, size, lastUsed: Math.trunc(found.mtimeMs) };
    }
  } catch (error) {
    throw storeError("looking at extracted packages", error);
  }
}
