import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readWorkspace } from "../house/workspace.mjs";

/** Third-party packages that examples may import, as a user would have installed them beside ours. */
const BESIDE = {
  vitest: "node_modules/vitest",
  "@types/node": "node_modules/@types/node",
  ioredis: "packages/redis/node_modules/ioredis",
  redis: "packages/redis/node_modules/redis",
};

/**
 * A folder with the packages in it as if they were installed, the command on its path, and a folder of its own for
 * every example.
 * @typedef {object} Laboratory
 * @property {string} folder
 * @property {string} bin - folder with the commands
 * @property {(name: string) => string} privateFolder - makes an empty folder
 * @property {() => void} remove
 */

/**
 * @param {string} root
 * @returns {Laboratory}
 * @throws Error when a package was not built
 */
export function openLaboratory(root) {
  const folder = mkdtempSync(join(tmpdir(), "examples-"));
  const packages = readWorkspace(root).filter(({ role }) => role !== "app" && role !== "tests");
  const bin = join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  for (const { name, folder: home, manifest } of packages) {
    if (!existsSync(join(root, home, "dist/index.js"))) throw new Error(`${name} is not built; npm run build does it`);
    link(join(root, home), join(folder, "node_modules", name));
    for (const [command, path] of Object.entries(manifest.bin ?? {}))
      addCommand(join(bin, command), join(root, home, path));
  }
  for (const [name, path] of clientsOf(root, packages)) link(path, join(folder, "node_modules", name));
  for (const [name, home] of Object.entries(BESIDE)) link(join(root, home), join(folder, "node_modules", name));
  return {
    folder,
    bin,
    privateFolder: (name) => {
      const path = join(folder, "private", name);
      mkdirSync(path, { recursive: true });
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Other caches that guides begin with. */
const OTHERS = "@cache/peers";

/**
 * Packages of others that users of ours hand in, or come from, and where they are installed.
 * @param {string} root
 * @param {import("../house/workspace.mjs").Member[]} packages
 */
function clientsOf(root, packages) {
  const others = readWorkspace(root).filter(({ name }) => name === OTHERS);
  const handedIn = packages.flatMap(({ folder, manifest }) => pathsOf(root, folder, manifest.peerDependencies));
  const comeFrom = others.flatMap(({ folder, manifest }) => pathsOf(root, folder, manifest.devDependencies));
  return new Map([...comeFrom, ...handedIn].filter(([, path]) => existsSync(path)));
}

/**
 * @param {string} root
 * @param {string} folder
 * @param {Readonly<Record<string, unknown>>} [dependencies]
 * @returns {(readonly [name: string, path: string])[]}
 */
function pathsOf(root, folder, dependencies = {}) {
  const names = Object.keys(dependencies).filter((name) => !name.startsWith("@cache/"));
  return names.map((name) => [name, join(root, folder, "node_modules", name)]);
}

/**
 * @param {string} target
 * @param {string} path
 */
function link(target, path) {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, "junction");
}

/**
 * @param {string} path
 * @param {string} script
 */
function addCommand(path, script) {
  writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`);
  chmodSync(path, 0o755);
}
