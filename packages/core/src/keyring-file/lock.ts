import { randomUUID } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { link, lstat, open, readFile, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { CacheError } from "../errors.ts";
import { unusable } from "./private-file.ts";

/** How long a change waits for another one, in milliseconds. */
const PATIENCE = 10_000;
const PAUSE = 25;
/** A lock is written right after it was made: one that is empty for so many milliseconds belongs to a killed process. */
const EMPTY_FOR = 2_000;

/** Longer than any lock is. */
const MOST_BYTES = 1024;

const UNKNOWN = "-";

/**
 * Runs `work` while nobody else runs under the same lock, which is the file `<path>.lock`. The lock of a process of this machine
 * that is dead is broken.
 * @param called - what messages call what is changed
 * @throws CacheError `ERR_CACHE_CONFIG` when another process holds the lock for 10 seconds, or when it cannot be made;
 * `ERR_CACHE_UNSAFE_PATH` for something else in its place; and what `work` throws
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>, called = "the keyring"): Promise<T> {
  const lock = `${path}.lock`;
  // Machine, process and its start, so that the lock of a dead process of this machine is known for one.
  const holder = `${hostname()} ${process.pid} ${await startOf(process.pid)} ${randomUUID()}`;
  // Not by the clock: set back an hour meanwhile, it would have this wait an hour.
  const until = performance.now() + PATIENCE;
  while (!(await take(lock, holder, called))) {
    if (performance.now() > until) {
      throw new CacheError("ERR_CACHE_CONFIG", `another process is changing ${called}; if none is, remove ${lock}`);
    }
    await breakStale(lock);
    await sleep(PAUSE);
  }
  try {
    return await work();
  } finally {
    // Somebody who took this process for dead may have broken it.
    if (readLock(lock) === holder) await rm(lock, { force: true });
  }
}

async function take(lock: string, holder: string, called: string): Promise<boolean> {
  try {
    const file = await open(lock, "wx", 0o600);
    try {
      await file.writeFile(holder).finally(() => file.close());
    } catch (error) {
      // Empty, on a full medium, it would keep the next change waiting.
      await rm(lock, { force: true });
      throw error;
    }
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "EEXIST") return false;
    throw unusable("locked", error, "", called);
  }
}

/**
 * Who holds a lock; `undefined` when nobody does, or when it cannot be looked at. Whoever can make files in the directory may have
 * put something else there, so it is neither waited for nor read without end.
 * @throws CacheError `ERR_CACHE_UNSAFE_PATH` for what is no lock
 */
function readLock(lock: string): string | undefined {
  let file: number;
  try {
    file = openSync(lock, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    if ((error as { code?: string }).code === "ELOOP") throw noLock(lock);
    return undefined;
  }
  try {
    if (!fstatSync(file).isFile()) throw noLock(lock);
    const bytes = Buffer.alloc(MOST_BYTES + 1);
    const length = readSync(file, bytes, 0, bytes.length, 0);
    if (length > MOST_BYTES) throw noLock(lock);
    return bytes.toString("utf8", 0, length);
  } finally {
    closeSync(file);
  }
}

const noLock = (lock: string): CacheError =>
  new CacheError("ERR_CACHE_UNSAFE_PATH", `${lock} is not a lock of this package; look at what it is and remove it`);

/** Removes the lock of a dead process. A lock that another process took meanwhile is put back. */
async function breakStale(lock: string): Promise<void> {
  const holder = readLock(lock);
  if (holder === undefined || !(await (holder === "" ? isOld(lock) : isDead(holder)))) return;
  const aside = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, aside);
    if (readLock(aside) !== holder) await link(aside, lock);
  } catch {
    // Somebody else broke it first, or holds it by now; both are found out by the next try.
  } finally {
    await rm(aside, { force: true });
  }
}

async function isOld(lock: string): Promise<boolean> {
  const { mtimeMs } = await lstat(lock).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > EMPTY_FOR;
}

async function isDead(holder: string): Promise<boolean> {
  const [host, pid, start] = holder.split(" ");
  if (host !== hostname() || !/^\d+$/.test(pid ?? "")) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    return (error as { code?: string }).code === "ESRCH";
  }
  // It lives, or another process has its number by now, as is usual in a container that was started again.
  const present = await startOf(Number(pid));
  return present !== UNKNOWN && start !== UNKNOWN && present !== start;
}

/** When a process started, in ticks since the machine did. Only Linux tells. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "");
  // Field 22; counted from behind the name, which may itself hold spaces and brackets.
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? UNKNOWN;
}
