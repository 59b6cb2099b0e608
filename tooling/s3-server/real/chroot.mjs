import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("make-chroot.sh", import.meta.url));

/** Where the Debian with Ceph in it lies, unless somebody says otherwise. */
export function defaultDirectory() {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "cache-house", "debian-sid");
}

/**
 * Why Ceph cannot run here, without making anything; undefined when it can, or when what it needs can be made.
 * @param {string} [directory]
 * @returns {string | undefined}
 */
export function whyNoCeph(directory = defaultDirectory()) {
  if (process.platform !== "linux") return `a chroot needs Linux, and this is ${process.platform}`;
  if (process.getuid?.() !== 0) return "a chroot needs root";
  if (isMade(directory) || has("debootstrap")) return undefined;
  return `${directory} has no servers in it, and debootstrap is not installed to make them`;
}

/** @param {string} directory */
function isMade(directory) {
  return ["radosgw", "ceph-mon", "ceph-osd"].every((program) => existsSync(join(directory, "usr/bin", program)));
}

/**
 * A Debian unstable with Ceph in a directory; made when it is not there, which takes minutes and a gigabyte.
 * @param {string} directory
 * @returns {Promise<string | undefined>} why it cannot be had
 */
export async function makeChroot(directory) {
  const unavailable = whyNoCeph(directory);
  if (unavailable !== undefined || isMade(directory)) return unavailable;
  mkdirSync(directory, { recursive: true });
  const made = spawn("unshare", ["--mount", "sh", script, directory], { stdio: ["ignore", "ignore", "inherit"] });
  const code = await new Promise((resolve) => made.once("exit", resolve));
  return code === 0 ? undefined : `${script} ended with ${code}`;
}

/** @param {string} program */
export function has(program) {
  try {
    execFileSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
