import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** @typedef {import("./workspace.mjs").Finding} Finding */

const FILES = [
  ".gitignore",
  "CONTRIBUTING.md",
  "LICENSE",
  "README.md",
  "SECURITY.md",
  "package.json",
  "pnpm-lock.yaml",
  "pnpm-workspace.yaml",
  "turbo.json",
];
const FOLDERS = [".changeset", ".ci", "apps", "docs", "packages", "tooling"];
const COMMANDS = ["demo", "test", "check", "build", "format", "changeset", "docs", "new:adapter"];

/**
 * The top level holds what is listed here and nothing else, except what git ignores.
 * @param {string} root
 * @returns {Finding[]}
 */
export function checkTopLevel(root) {
  const wanted = [...FILES, ...FOLDERS];
  const there = readdirSync(root);
  const ignored = ignoredNames(root);
  return [
    ...wanted.filter((name) => !there.includes(name)).map((file) => ({ file, message: "is missing" })),
    ...there
      .filter((name) => !wanted.includes(name) && name !== ".git" && !ignored(name))
      .map((file) => ({ file, message: "does not belong at the top level" })),
  ];
}

/**
 * The top manifest: private, pinned, and with the commands that the documents promise.
 * @param {string} root
 * @returns {Finding[]}
 */
export function checkTopManifest(root) {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const problems = [];
  if (manifest.private !== true) problems.push('is not "private"');
  if (manifest.dependencies !== undefined) problems.push('has "dependencies"; tools are devDependencies');
  for (const name of COMMANDS) if (manifest.scripts?.[name] === undefined) problems.push(`script "${name}" is missing`);
  for (const [name, script] of Object.entries(manifest.scripts ?? {})) {
    for (const [pin] of String(script).matchAll(/pnpm@[\w.-]+/g)) {
      if (pin !== manifest.packageManager)
        problems.push(`script "${name}" uses ${pin}, not ${manifest.packageManager}`);
    }
  }
  return problems.map((message) => ({ file: "package.json", message }));
}

/**
 * Names that a line of .gitignore without a folder in it covers.
 * @param {string} root
 * @returns {(name: string) => boolean}
 */
function ignoredNames(root) {
  const path = join(root, ".gitignore");
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
  const patterns = lines
    .map((line) => line.trim().replace(/\/$/, ""))
    .filter((line) => line !== "" && !line.startsWith("#") && !line.includes("/"))
    .map((line) => new RegExp(`^${line.replaceAll(".", "\\.").replaceAll("*", ".*")}$`));
  return (name) => patterns.some((pattern) => pattern.test(name));
}
