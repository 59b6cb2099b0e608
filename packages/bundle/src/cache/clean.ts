import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { checkOptions, type Duration, parseDuration, parseSize, type Size, storeError } from "@cache/core/adapter";
import { removeQuietly } from "../extract/private-directory.ts";
import { type ExtractedPackage, inventory } from "./inventory.ts";
import { digestIn, type Layout } from "./layout.ts";
import { leaseReport, namesIn } from "./leases.ts";

/** What is to go. Without both bounds only what ended processes left behind goes. */
export interface CleanOptions {
  /** What was not used for so long. */
  readonly olderThan?: Duration | undefined;
  /** What was not used for longest, until the others take no more than this. */
  readonly maxBytes?: Size | undefined;
  /** Only says what would go. */
  readonly dryRun?: boolean | undefined;
  /** Milliseconds since 1970 UTC. @defaultValue Date.now */
  readonly now?: (() => number) | undefined;
}

/** What went, or would go. */
export interface CleanReport {
  readonly removed: readonly ExtractedPackage[];
  /** Bytes of these. */
  readonly bytes: number;
  /** Packages that stay, whatever their reason. */
  readonly kept: number;
  /** Of those that stay, how many only because they are in use. */
  readonly inUse: number;
  /** Directories that ended processes left half made or half removed, and notes of their use. */
  readonly leftovers: number;
  readonly dryRun: boolean;
}

/** Removes one package, unless somebody says in the meantime that they use it. */
async function removeOne(layout: Layout, digest: string): Promise<boolean> {
  const [entry, aside] = [layout.entry(digest), layout.fresh(digest)];
  await rename(entry, aside);
  // Whoever uses it says so before they look at it: those who said so later than the first look find it gone, or find it back.
  if ((await leaseReport(layout.leases)).held.has(digest)) {
    try {
      await rename(aside, entry);
      return false;
    } catch {
      // They have made it anew by now.
    }
  }
  await removeQuietly(aside);
  return true;
}

interface Choice {
  readonly chosen: readonly ExtractedPackage[];
  readonly inUse: number;
}

function choose(all: readonly ExtractedPackage[], held: ReadonlySet<string>, options: CleanOptions): Choice {
  const { olderThan, maxBytes, now = Date.now } = options;
  const before = olderThan === undefined ? Number.NEGATIVE_INFINITY : now() - parseDuration(olderThan);
  const most = maxBytes === undefined ? Number.POSITIVE_INFINITY : parseSize(maxBytes);
  let total = all.reduce((sum, { size }) => sum + size, 0);
  const wanted = [...all]
    .sort((a, b) => a.lastUsed - b.lastUsed)
    .filter(({ digest, size, lastUsed }) => {
      if (lastUsed >= before && total <= most) return false;
      if (!held.has(digest)) total -= size;
      return true;
    });
  const chosen = wanted.filter(({ digest }) => !held.has(digest));
  return { chosen, inUse: wanted.length - chosen.length };
}

async function all(layout: Layout): Promise<ExtractedPackage[]> {
  const found: ExtractedPackage[] = [];
  for await (const each of inventory(layout)) found.push(each);
  return found;
}

/** @throws CacheError `ERR_CACHE_UNSAFE_PATH`, `ERR_CACHE_STORE` */
export async function clean(layout: Layout, options: CleanOptions): Promise<CleanReport> {
  checkOptions("clean", options, ["olderThan", "maxBytes", "dryRun", "now"]);
  const { dryRun = false } = options;
  // Listed before the leases are: whoever made one of these had said before that they use it.
  const [temporary, packages] = [await namesIn(layout.temporary), await all(layout)];
  const { held, stale } = await leaseReport(layout.leases);
  const abandoned = temporary.filter((name) => {
    const digest = digestIn(name);
    return digest !== undefined && !held.has(digest);
  });
  const { chosen, inUse } = choose(packages, held, options);
  const removed: ExtractedPackage[] = [];
  if (!dryRun) {
    for (const name of abandoned) await removeQuietly(join(layout.temporary, name));
    for (const path of stale) await rm(path, { force: true }).catch(() => undefined);
  }
  for (const each of chosen) {
    if (dryRun || (await isRemoved(layout, each.digest))) removed.push(each);
  }
  const bytes = removed.reduce((sum, { size }) => sum + size, 0);
  const kept = packages.length - removed.length;
  return { removed, bytes, kept, inUse, leftovers: abandoned.length + stale.length, dryRun };
}

async function isRemoved(layout: Layout, digest: string): Promise<boolean> {
  try {
    return await removeOne(layout, digest);
  } catch (error) {
    // Another process was first.
    if ((error as { code?: string }).code === "ENOENT") return false;
    throw storeError("removing an extracted package", error);
  }
}
