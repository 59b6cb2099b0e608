import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** @typedef {import("./workspace.mjs").Finding} Finding */

const FILE = "pnpm-lock.yaml";

/**
 * A lockfile names packages by hash, and leaves it to each machine where they come from. An address in it would send
 * everybody to the registry of whoever wrote it, and is how a foreign package slips in under a known name.
 * @param {string} root
 * @returns {Finding[]}
 */
export function checkLockfile(root) {
  const path = join(root, FILE);
  if (!existsSync(path)) return [{ file: FILE, message: "is missing" }];
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.flatMap((line, index) => {
    const message = problemWith(line);
    return message === undefined ? [] : [{ file: FILE, line: index + 1, message }];
  });
}

/**
 * @param {string} line
 * @returns {string | undefined}
 */
function problemWith(line) {
  // Advice from a package's author, shown and never followed.
  if (/^\s*deprecated:/.test(line)) return undefined;
  if (/\b(tarball|resolved):/.test(line)) return "names a tarball";
  if (/\b(https?|git|git\+\w+|ssh|file):\/?\//.test(line)) return "holds an address";
  if (/^\s*resolution:/.test(line) && !/\bintegrity: sha512-/.test(line)) return "a package without a sha512 hash";
  return undefined;
}
