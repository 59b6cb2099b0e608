import { toHex } from "@cache/core/bytes";
import { checkCosigned } from "../cosign/cosigned.ts";
import { type Head, readHead } from "../file/head.ts";
import { PackageFile } from "../file/package-file.ts";
import type { TrustOptions } from "../file/trust.ts";
import { telling } from "./events.ts";
import { PackageMemory } from "./rollback.ts";

/**
 * Runs work on a package whose head was verified: opens it, asks the memory of what was seen, tells of how it ended, and remembers the
 * package when all of the work was done.
 */
export async function withPackage<T>(
  path: string,
  options: TrustOptions,
  work: (file: PackageFile, head: Head) => Promise<T>,
): Promise<T> {
  if (options.cosigned !== undefined) checkCosigned(options.cosigned);
  const memory = options.rollback && new PackageMemory(options.rollback);
  const now = (options.now ?? Date.now)();
  return await telling(options, async () => {
    const file = await PackageFile.open(path);
    try {
      const head = await readHead(file, options);
      await memory?.check(head.statement, now);
      const result = await work(file, head);
      await memory?.remember(head.statement);
      return { result, signedBy: head.algorithm === 0 ? undefined : toHex(head.keyId) };
    } finally {
      await file.close();
    }
  });
}
