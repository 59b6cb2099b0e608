import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";

/** Only Linux tells when a process started, which machine start it is and which processes one sees. */
const UNKNOWN = "-";

/** Where process numbers mean the same: machine, its start, and the processes that a container sees. */
async function place(): Promise<string> {
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => UNKNOWN);
  const namespace = await readlink("/proc/self/ns/pid").catch(() => UNKNOWN);
  return [hostname(), boot.trim(), namespace].join("/").replace(/\s/g, "_");
}

/** When a process started, in ticks since the machine did. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "");
  // Field 22; counted from behind the name, which may itself hold spaces and brackets.
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? UNKNOWN;
}

/** A line that names a process so that another one that has its number later is not taken for it. */
export async function holderLine(pid: number): Promise<string> {
  return `${await place()} ${pid} ${await startOf(pid)}\n`;
}

/** Whether a process lives that a line names; `undefined` for one that cannot be asked here, and for what is no such line. */
export async function isAlive(line: string): Promise<boolean | undefined> {
  const [where, pid = "", start] = line.split(" ");
  if (where !== (await place()) || !/^[1-9]\d{0,9}$/.test(pid)) return undefined;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    // Another user's process lives as well.
    if ((error as { code?: string }).code === "ESRCH") return false;
  }
  const present = await startOf(Number(pid));
  return present === UNKNOWN || start === UNKNOWN || present === start;
}
