import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { storeError } from "@cache/core/adapter";
import { freshPath, isPrivate, makePrivate } from "../extract/private-directory.ts";

/** Names of extracted packages and the beginnings of other names: the SHA-256 of their manifest in hexadecimal. */
const DIGEST = /^[0-9a-f]{64}/;
const DIGITS = 64;

/** The digest that a name begins with, if it begins with one. */
export const digestIn = (name: string): string | undefined => DIGEST.exec(name)?.[0];

/** Whether a name is a digest and nothing else. */
export const isDigest = (name: string): boolean => name.length === DIGITS && digestIn(name) === name;

/** Where what lies in a directory of extracted packages. */
export class Layout {
  readonly directory: string;
  /** Extracted packages, each in a directory named by its digest. */
  readonly packages: string;
  /** Who uses them. */
  readonly leases: string;
  /** What is being extracted, or being removed. */
  readonly temporary: string;

  constructor(directory: string) {
    this.directory = resolve(directory);
    const version = join(this.directory, "v1");
    this.packages = join(version, "packages");
    this.leases = join(version, "leases");
    this.temporary = join(version, "tmp");
  }

  /** The directory of an extracted package. */
  entry(digest: string): string {
    return join(this.packages, digest);
  }

  /** A path for something on its way to or from being an extracted package. */
  fresh(digest: string): string {
    return freshPath(this.temporary, `${digest}.`);
  }

  /** Makes what is missing. @throws CacheError `ERR_CACHE_UNSAFE_PATH`, `ERR_CACHE_STORE` */
  async prepare(): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw storeError("making a directory", error);
    });
    for (const path of this.#all()) if (!(await isPrivate(path))) await makeUnlessThere(path);
  }

  /** Whether all directories are there, which are private then. @throws CacheError `ERR_CACHE_UNSAFE_PATH`, `ERR_CACHE_STORE` */
  async isThere(): Promise<boolean> {
    for (const path of this.#all()) if (!(await isPrivate(path))) return false;
    return true;
  }

  /** From the top. */
  #all(): readonly string[] {
    return [this.directory, join(this.directory, "v1"), this.packages, this.leases, this.temporary];
  }
}

async function makeUnlessThere(path: string): Promise<void> {
  try {
    await makePrivate(path);
  } catch (error) {
    // Another process was first.
    if (!(await isPrivate(path))) throw error;
  }
}
