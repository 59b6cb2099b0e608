import type { BigIntStats } from "node:fs";
import { stat } from "node:fs/promises";
import { storeError } from "@cache/core/adapter";

const identityOf = ({ dev, ino }: BigIntStats): string => `${dev}:${ino}`;

/** @throws CacheError `ERR_CACHE_STORE` for what cannot be looked at, and so cannot be told from others */
async function identityAt(path: string): Promise<string | undefined> {
  try {
    return identityOf(await stat(path, { bigint: true }));
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return undefined;
    throw storeError("looking at a file of secrets", error);
  }
}

/** Files by device and number, so that no other name, hard link or mount hides one. */
export class SecretFiles {
  readonly #identities: ReadonlySet<string | undefined>;

  private constructor(identities: readonly (string | undefined)[]) {
    this.#identities = new Set(identities);
  }

  /** @throws CacheError `ERR_CACHE_STORE` */
  static async at(paths: readonly string[]): Promise<SecretFiles> {
    return new SecretFiles(await Promise.all(paths.map(identityAt)));
  }

  has(file: BigIntStats): boolean {
    return this.#identities.has(identityOf(file));
  }
}
