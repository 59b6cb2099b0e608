import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import semver from "semver";

/** @typedef {import("./workspace.mjs").Finding} Finding */

const FILE = "pnpm-lock.yaml";

/** The oldest Node that everything here runs on. */
const OLDEST = "20.19.0";

/**
 * Packages that may ask for a newer Node: adapters are tried with them, and their tests leave out what an older one cannot do.
 * @type {ReadonlySet<string>}
 */
const NEWER = new Set(["hookified@3.0.4", "keyv@6.1.0", "undici@8.12.4"]);

/**
 * Packages that ask for a newer Node than ours do. The package manager would refuse to install every one of them, those that
 * are only tried as well, so it does not look.
 * @param {string} root
 * @returns {Finding[]}
 */
export function checkEngines(root) {
  const path = join(root, FILE);
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  let name = "";
  return lines.flatMap((text, index) => {
    name = /^ {2}'?(@?[^'@]+@[^':]+)'?:$/.exec(text)?.[1] ?? name;
    const range = /^ {4}engines: \{.*?\bnode: '?([^',}]+)/.exec(text)?.[1];
    if (range === undefined || NEWER.has(name) || semver.satisfies(OLDEST, range)) return [];
    return [{ file: FILE, line: index + 1, message: `${name} asks for Node ${range}` }];
  });
}
