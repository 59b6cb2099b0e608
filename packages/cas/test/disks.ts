import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { newBase } from "./directories.ts";
import type { Child, Installed } from "./installed.ts";

/** A program of its own in a namespace of its own, where it may have a small disk. */
const NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount"] as const;

/** Whether programs may have disks here. Says so when they may not. */
export function canHaveDisks(): boolean {
  try {
    execFileSync(NAMESPACE[0], [...NAMESPACE.slice(1), "mount", "-t", "tmpfs", "none", newBase()], { stdio: "ignore" });
    return true;
  } catch {
    console.log("left out: tests on disks of their own, since nothing can be mounted here");
    return false;
  }
}

/** Imported, or defined, in every program on a disk of its own. `disk` is where that is mounted. */
const COMMON = `
  import { execFileSync } from "node:child_process";
  import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statfsSync, truncateSync, writeFileSync, writeSync } from "node:fs";
  import { createCache } from "@cache/core";
  import { collectGarbage, verifyStore } from "@cache/core/maintenance";
  const disk = args[0];
  const directory = disk + "/store";
  const run = (...command) => execFileSync(command[0], command.slice(1), { stdio: "pipe" });
  /** Takes all the room there is. */
  const fill = () => {
    const fd = openSync(disk + "/filler", "a");
    try { for (;;) writeSync(fd, new Uint8Array(4096)); } catch {} finally { closeSync(fd); }
  };
  /** Takes all the files there may be. */
  const fillFiles = () => {
    mkdirSync(disk + "/files");
    try { for (let n = 0; ; n++) writeFileSync(disk + "/files/" + n, ""); } catch {}
  };
  const room = () => { for (const each of ["/filler", "/files"]) rmSync(disk + each, { recursive: true, force: true }); };
  const filesBelow = (kind) => readdirSync(directory + "/v1/" + kind, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile()).map((each) => each.parentPath + "/" + each.name);
  /** What a call came to: a value, or the code of its failure and of the cause. */
  const outcome = async (call) => {
    try { return await call(); } catch (error) { return [error.code, error.cause?.code]; }
  };
  const say = (value) => console.log(JSON.stringify(value));
`;

/** How a program's disk is made. */
export interface Disk {
  /** Options of the mount: room and number of files. */
  readonly options?: string;
  /** Further shell commands before the program begins. */
  readonly limits?: string;
}

/** Runs a program on a tmpfs of its own. @returns what it said, parsed */
export async function onDisk(programs: Installed, program: string, disk: Disk = {}): Promise<unknown> {
  const { code, out, err } = await startOnDisk(programs, program, disk).ended;
  if (code !== 0 || err !== "") throw new Error(`the program ended with ${code}: ${err}${out}`);
  return JSON.parse(out);
}

function startOnDisk(programs: Installed, program: string, { options = "size=1m", limits = "true" }: Disk): Child {
  const disk = join(newBase(), "disk");
  mkdirSync(disk);
  const mount = `mount -t tmpfs -o ${options},mode=700 none ${disk}`;
  const within = `exec ${NAMESPACE.join(" ")} sh -c '${mount} && ${limits} && exec "$0" "$@"' "$0" "$@"`;
  return programs.start(COMMON + program, { args: [disk], limits: `${within}; exit 1` });
}
