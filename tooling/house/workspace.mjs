import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/**
 * One thing that is not as the house wants it.
 * @typedef {object} Finding
 * @property {string} file - path from the top of the repository
 * @property {number} [line] - counted from 1
 * @property {string} message
 */

/**
 * One workspace of the repository.
 * @typedef {object} Member
 * @property {string} folder - path from the top: `packages/core`
 * @property {"library" | "composition" | "command" | "app" | "template" | "tests"} role
 * @property {string} name - `@cache/core`
 * @property {Record<string, any>} manifest
 * @property {string[]} sources - TypeScript under `src`, paths from the top
 * @property {string[]} tests - TypeScript under `test`, paths from the top
 */

/** Packages that are installed as commands. They compose the others. */
const COMMANDS = new Set(["cli"]);

/** Packages for programs that compose the others. All the rest are libraries. */
const COMPOSITIONS = new Set(["config"]);

/**
 * Every workspace, in a fixed order.
 * @param {string} root
 * @returns {Member[]}
 */
export function readWorkspace(root) {
  const folders = ["packages", "apps", "tooling"].flatMap((group) => childrenOf(root, group));
  return folders
    .filter((folder) => existsSync(join(root, folder, "package.json")))
    .map((folder) => member(root, folder));
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {Member}
 */
function member(root, folder) {
  const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  const sources = typescriptUnder(root, `${folder}/src`);
  const tests = typescriptUnder(root, `${folder}/test`);
  return { folder, role: roleOf(folder), name: String(manifest.name), manifest, sources, tests };
}

/**
 * @param {string} folder
 * @returns {Member["role"]}
 */
function roleOf(folder) {
  const [group, name] = folder.split("/");
  if (group === "apps") return "app";
  if (group === "tooling") return name === "adapter-template" ? "template" : "tests";
  if (COMMANDS.has(basename(folder))) return "command";
  return COMPOSITIONS.has(basename(folder)) ? "composition" : "library";
}

/**
 * @param {string} root
 * @param {string} group
 * @returns {string[]}
 */
function childrenOf(root, group) {
  if (!existsSync(join(root, group))) return [];
  const found = readdirSync(join(root, group), { withFileTypes: true });
  return found
    .filter((each) => each.isDirectory())
    .map((each) => `${group}/${each.name}`)
    .sort();
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {string[]}
 */
function typescriptUnder(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  const found = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  const paths = found.map((path) => `${folder}/${path.replaceAll("\\", "/")}`);
  return paths.filter((path) => /\.[cm]?tsx?$/.test(path) && !path.includes("/node_modules/")).sort();
}
