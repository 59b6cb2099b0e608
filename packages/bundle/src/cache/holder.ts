import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";

/** Only Linux tells when a process started, which machine start it is and which processes one sees. */
const UNKNOWN = "-";
/** States of processes of which only the number is left. */
const ENDED: readonly string[] = ["Z", "X"];

/** Where process numbers mean the same: machine, its start, and the processes that a container sees. */
async function place(): Promise<string> {
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => UNKNOWN);
  const namespace = await readlink("/proc/self/ns/pid").catch(() => UNKNOWN);
  return [hostname(), boot.trim(), namespace].join("/").replace(/\s/g, "_");
}

interface Life {
  /** Its parent has not asked yet how it ended. */
  readonly hasEnded: boolean;
  /** When it started, in ticks since the machine did. */
  readonly start: string;
}

async function lifeOf(pid: number): Promise<Life> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "");
  // From field 3 on, counted from behind the name, which may itself hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { hasEnded: ENDED.includes(fields[0] as string), start: fields[19] ?? UNKNOWN };
}

/** A line that names a process so that another one that has its number later is not taken for it. */
export async function holderLine(pid: number): Promise<string> {
  return `${await place()} ${pid} ${(await lifeOf(pid)).start}\n`;
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
  const present = await lifeOf(Number(pid));
  if (present.hasEnded) return false;
  return present.start === UNKNOWN || start === UNKNOWN || present.start === start;
}
