import { appendFile, lstat, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CacheError, storeError } from "@cache/core/adapter";
import { freshPath } from "../extract/private-directory.ts";
import { holderLine, isAlive } from "./holder.ts";
import { digestIn } from "./layout.ts";
import { readRegular } from "./read-regular.ts";

/** Milliseconds for which the word of a process that cannot be asked is taken: one of another machine or container. */
const FOREIGN = 604_800_000;

/** Bytes of a lease: each process takes a line of some hundred. */
const MOST = 65_536;

/** Says that an extracted package is in use, from before it is looked at until it is released. */
export class Lease {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  static async take(directory: string, digest: string): Promise<Lease> {
    const path = freshPath(directory, `${digest}.`);
    try {
      await writeFile(path, await holderLine(process.pid), { flag: "wx", mode: 0o600 });
    } catch (error) {
      throw storeError("noting that a package is in use", error);
    }
    return new Lease(path);
  }

  /** As long as this process lives, too, the package is in use. */
  async extendTo(pid: number): Promise<void> {
    await appendFile(this.#path, await holderLine(pid)).catch((error: unknown) => {
      throw storeError("noting that a package is in use", error);
    });
  }

  async release(): Promise<void> {
    // What stays is found out by the next clean-up: its processes are dead.
    await rm(this.#path, { force: true }).catch(() => undefined);
  }
}

async function isHeld(path: string): Promise<boolean> {
  const [bytes, { mtimeMs }] = await Promise.all([readRegular(path, MOST), lstat(path)]);
  // Who uses the package cannot be known then, so it is not taken for one that nobody does.
  if (bytes === undefined) throw new CacheError("ERR_CACHE_STORE", `${path} is no note of who uses a package`);
  const lines = Buffer.from(bytes).toString("latin1").split("\n").slice(0, -1);
  const answers = await Promise.all(lines.map(isAlive));
  // One that is being written has no line yet.
  const unknown = lines.length === 0 || answers.includes(undefined);
  return answers.includes(true) || (unknown && Date.now() - mtimeMs < FOREIGN);
}

/** What the leases in a directory say. */
export interface LeaseReport {
  /** Digests of packages that are in use. */
  readonly held: ReadonlySet<string>;
  /** Paths of leases whose processes have ended. */
  readonly stale: readonly string[];
}

/** Which packages are in use, by looking at the processes that said so. @throws CacheError `ERR_CACHE_STORE` */
export async function leaseReport(directory: string): Promise<LeaseReport> {
  const [held, stale] = [new Set<string>(), [] as string[]];
  try {
    for (const name of await namesIn(directory)) {
      const [digest, path] = [digestIn(name), join(directory, name)];
      if (digest === undefined) continue;
      const holds = await isHeld(path).catch(unlessGone);
      if (holds === true) held.add(digest);
      else if (holds === false) stale.push(path);
    }
  } catch (error) {
    throw storeError("looking who uses packages", error);
  }
  return { held, stale };
}

/** Names in a directory; none when there is no such directory. */
export async function namesIn(directory: string): Promise<string[]> {
  return (await readdir(directory).catch(unlessGone)) ?? [];
}

/** What is gone by now is no failure. */
export function unlessGone(error: unknown): undefined {
  if ((error as { code?: string }).code !== "ENOENT") throw error;
  return undefined;
}
