import { randomUUID } from "node:crypto";
import { link, open, readFile, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { CacheError } from "../errors.ts";
import { unusable } from "./read.ts";

/** How long a change waits for another one, in milliseconds. */
const PATIENCE = 10_000;
const PAUSE = 25;

/** Who holds a lock: machine and process, so that a dead holder on this machine is known to be dead. */
const me = (): string => `${hostname()} ${process.pid} ${randomUUID()}`;

function isDead(holder: string): boolean {
  const [host, pid] = holder.split(" ");
  if (host !== hostname() || !/^\d+$/.test(pid ?? "")) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as { code?: string }).code === "ESRCH";
  }
}

async function take(path: string, holder: string): Promise<boolean> {
  try {
    const file = await open(path, "wx", 0o600);
    await file.writeFile(holder).finally(() => file.close());
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "EEXIST") return false;
    throw unusable("locked", error);
  }
}

/** Removes the lock of a dead process. A lock that another process took meanwhile is put back. */
async function breakStale(path: string): Promise<void> {
  const holder = await readFile(path, "utf8").catch(() => "");
  if (!isDead(holder)) return;
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
    if ((await readFile(aside, "utf8")) !== holder) await link(aside, path);
  } catch {
    // Somebody else broke it first, or holds it by now; both are found out by the next try.
  } finally {
    await rm(aside, { force: true });
  }
}

/** Runs `work` while no other process runs under the same lock file. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const holder = me();
  const until = Date.now() + PATIENCE;
  while (!(await take(path, holder))) {
    if (Date.now() > until) {
      throw new CacheError("ERR_CACHE_CONFIG", `another process is changing the keyring; if none is, remove ${path}`);
    }
    await breakStale(path);
    await sleep(PAUSE);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}
