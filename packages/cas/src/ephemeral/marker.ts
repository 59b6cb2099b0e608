import { readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { isAbsence } from "../failures.ts";

/** Who made an ephemeral directory. The process number is for people; liveness does not rest on it. */
export interface Marker {
  readonly pid: number;
  readonly host: string;
  /** Different after every start of the machine and the same in all its containers; not every platform tells. */
  readonly boot: string | undefined;
  /** Whether it says that it lives, as {@link announce} does. */
  readonly announced: boolean;
}

const pathIn = (directory: string): string => join(directory, "owner");

/** Marks a directory as this process's. */
export function writeMarker(directory: string, announced: boolean): void {
  const marker: Marker = { pid: process.pid, host: hostname(), boot: bootId(), announced };
  writeFileSync(pathIn(directory), `${JSON.stringify(marker)}\n`, { flag: "wx", mode: 0o600 });
}

/** The marker of a directory; `undefined` when there is none, `"unreadable"` when it is not what this version writes. */
export function readMarker(directory: string): Marker | "unreadable" | undefined {
  try {
    const { pid, host, boot, announced } = JSON.parse(readFileSync(pathIn(directory), "utf8"));
    return typeof host === "string" ? { pid, host, boot, announced: announced === true } : "unreadable";
  } catch (error) {
    return isAbsence(error) ? undefined : "unreadable";
  }
}

/** Whether a process marked it that ran on this machine, now or before it was last started. */
export function isOfThisMachine({ host, boot }: Marker): boolean {
  return host === hostname() || (boot !== undefined && boot === bootId());
}

function bootId(): string | undefined {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    // Only Linux has it.
    return undefined;
  }
}
