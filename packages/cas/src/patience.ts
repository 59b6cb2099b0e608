import { setTimeout as pause } from "node:timers/promises";
import { errno } from "./failures.ts";

/** Milliseconds between attempts: about a second and a half in all. */
const PAUSES = [1, 4, 10, 25, 60, 150, 400, 800];

/** Too many files are open, here or in the whole system: soon there may be fewer. */
export function isExhaustion(error: unknown): boolean {
  const code = errno(error);
  return code === "EMFILE" || code === "ENFILE";
}

/** Windows refuses to replace or move a file while a scanner or an indexer has it open, which lasts milliseconds. */
export function isSharingViolation(error: unknown): boolean {
  const code = errno(error);
  return process.platform === "win32" && (code === "EPERM" || code === "EACCES" || code === "EBUSY");
}

/** After a first attempt that failed in a way that passes: the same again, a bounded number of times. */
export async function retry<T>(
  attempt: () => T,
  passes: (error: unknown) => boolean,
  signal?: AbortSignal | undefined,
): Promise<T> {
  for (const milliseconds of PAUSES) {
    await pause(milliseconds);
    signal?.throwIfAborted();
    try {
      return attempt();
    } catch (error) {
      if (!passes(error)) throw error;
    }
  }
  return attempt();
}
