import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";

/** For a start that the system does not tell. */
const UNKNOWN = "-";

/** A process as others on its machine find it again: its number, and when it started, as numbers are given again. */
export function processText(pid: number): string {
  let stat = "";
  try {
    stat = readFileSync(statPath(pid), "latin1");
  } catch {
    // Only Linux has it. A process that is over by now is told by its number.
  }
  return `${pid} ${startIn(stat)}`;
}

/** This machine as locks name it. */
export const machine = (): string => hostname().replaceAll(/\s/g, "_");

/** Whether a process of this machine runs, by what {@link processText} said of it. */
export async function isRunning(text: string): Promise<boolean> {
  const [pid, start = UNKNOWN] = text.split(" ");
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    // That it may not be told anything says that it is there.
    return (error as { code?: unknown }).code !== "ESRCH";
  }
  const stat = await readFile(statPath(Number(pid)), "latin1").catch(() => "");
  // It is over, and whoever started it has not asked how it ended; in a container often nobody ever does.
  if (/^[ZX]$/.test(fieldsIn(stat)[0] ?? "")) return false;
  const present = startIn(stat);
  return start === UNKNOWN || present === UNKNOWN || present === start;
}

const statPath = (pid: number): string => `/proc/${pid}/stat`;

/** From the third on, the state; counted from behind the name, which may itself hold spaces and brackets. */
const fieldsIn = (stat: string): string[] => stat.slice(stat.lastIndexOf(")") + 2).split(" ");

/** Field 22. */
const startIn = (stat: string): string => fieldsIn(stat)[19] ?? UNKNOWN;
