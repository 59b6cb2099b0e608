import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("make-chroot.sh", import.meta.url));

/** Where the Debian with the servers in it lies, unless somebody says otherwise. */
export function defaultDirectory() {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "cache-house", "debian-sid");
}

/**
 * A Debian unstable with Ceph and moto in a directory; made when it is not there, which takes minutes and a gigabyte.
 * @param {string} directory
 * @returns {Promise<string | undefined>} why it cannot be had
 */
export async function makeChroot(directory) {
  if (process.platform !== "linux") return `a chroot needs Linux, and this is ${process.platform}`;
  if (process.getuid?.() !== 0) return "a chroot needs root";
  if (existsSync(join(directory, "usr/bin/radosgw")) && existsSync(join(directory, "usr/bin/moto_server")))
    return undefined;
  if (!has("debootstrap")) return `${directory} has no servers in it, and debootstrap is not installed to make them`;
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
