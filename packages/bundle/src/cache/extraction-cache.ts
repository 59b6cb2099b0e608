import { toHex } from "@cache/core/bytes";
import type { Launch } from "../about/about.ts";
import { checkExtractOptions, type ExtractOptions } from "../options.ts";
import { describeVerified, type VerifiedBundle } from "../verify/description.ts";
import { tellChanged } from "../verify/events.ts";
import { withPackage } from "../verify/with-package.ts";
import { type CleanOptions, type CleanReport, clean } from "./clean.ts";
import { ensureExtracted } from "./ensure.ts";
import { type ExtractedPackage, inventory } from "./inventory.ts";
import { Layout } from "./layout.ts";
import { Lease, leaseReport } from "./leases.ts";

/** A package while it is used. */
export interface Extracted {
  /** Where its members lie. */
  readonly directory: string;
  readonly bundle: VerifiedBundle;
  readonly launch: Launch | undefined;
  /** Says that it is in use for as long as another process lives, too. */
  extendTo(pid: number): Promise<void>;
}

/** Packages that were extracted, named by the digest of what is in them, for any number of processes. */
export interface ExtractionCache {
  readonly directory: string;
  /**
   * Verifies a package and what was extracted of it, every byte, extracts it when it is not there or differs, and keeps it until
   * `work` is done.
   * @throws CacheError what `extractBundle` throws
   */
  use<T>(path: string, options: ExtractOptions, work: (extracted: Extracted) => Promise<T>): Promise<T>;
  /** What is there, and whether somebody uses it. */
  list(): AsyncIterable<ExtractedPackage & { readonly inUse: boolean }>;
  /** Removes what is too old or too much, never what is in use. */
  clean(options?: CleanOptions): Promise<CleanReport>;
}

/**
 * Keeps packages extracted for the next use. A package is found by the digest of its manifest and not by its name, and before every use
 * all that was extracted is compared with what the package states.
 *
 * In use is what a process has noted to use that still lives. Processes are told apart by machine, number and start. One of another
 * machine or container cannot be asked, and is believed for seven days.
 * @param directory - of its own, which only its user can write to; made when it is missing
 */
export function extractionCache(directory: string): ExtractionCache {
  const layout = new Layout(directory);
  return {
    directory: layout.directory,
    use: (path, options, work) => use(layout, path, options, work),
    list: () => list(layout),
    clean: async (options = {}) => {
      // Private, if it is there at all; what is not there needs no cleaning.
      await layout.isThere();
      return await clean(layout, options);
    },
  };
}

async function* list(layout: Layout): AsyncGenerator<ExtractedPackage & { readonly inUse: boolean }> {
  if (!(await layout.isThere())) return;
  const { held } = await leaseReport(layout.leases);
  for await (const each of inventory(layout)) yield { ...each, inUse: held.has(each.digest) };
}

async function use<T>(
  layout: Layout,
  path: string,
  options: ExtractOptions,
  work: (extracted: Extracted) => Promise<T>,
): Promise<T> {
  checkExtractOptions("use", options);
  let lease: Lease | undefined;
  try {
    const extracted = await withPackage(path, options, async (file, head) => {
      await layout.prepare();
      const digest = toHex(head.statement.digest);
      const held = await Lease.take(layout.leases, digest);
      lease = held;
      const wanted = { file, head, digest, options, onChanged: () => tellChanged(options) };
      const directory = await ensureExtracted(layout, wanted);
      const bundle = describeVerified(head, file.size, options);
      return { directory, bundle, launch: head.about.launch, extendTo: (pid: number) => held.extendTo(pid) };
    });
    return await work(extracted);
  } finally {
    await lease?.release();
  }
}
