import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "./commands.mjs";

/** @typedef {import("../house/workspace.mjs").Member} Member */

const RESOLUTIONS = {
  nodenext: { module: "nodenext", moduleResolution: "nodenext" },
  bundler: { module: "esnext", moduleResolution: "bundler" },
};

/**
 * A folder that is a user's project with one package of ours in it: installed from tarballs by npm, imported by Node,
 * compiled as strictly as can be, against declarations that may use the standard library and nothing of Node's.
 * @param {string} folder - made here
 * @param {Member} member
 * @param {readonly string[]} tarballs - of the package and of those of ours that it needs
 */
export async function checkConsumer(folder, member, tarballs) {
  mkdirSync(folder, { recursive: true });
  writeJson(folder, "package.json", { name: "consumer", private: true, type: "module" });
  const wanted = [...tarballs, ...clientsOf(member)];
  await run(folder, "npm", "install", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error", ...wanted);
  checkContent(join(folder, "node_modules", member.name));
  const names = entryPointsOf(member);
  await importAll(folder, names);
  await compileAll(folder, names);
  await startAll(folder, member);
}

/**
 * Optional peers that an entry point loads: who imports that one has installed them.
 * @param {Member} member
 * @returns {string[]}
 */
function clientsOf({ folder, manifest }) {
  const optional = Object.keys(manifest.peerDependenciesMeta ?? {});
  if (optional.length === 0) return [];
  const dist = join(root, folder, "dist");
  const files = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".js"));
  const texts = files.map((file) => readFileSync(join(dist, file), "utf8"));
  return optional
    .filter((name) => texts.some((text) => text.includes(`from "${name}"`)))
    .map((name) => `${name}@${manifest.peerDependencies[name]}`);
}

/**
 * What users can import: `@cache/core`, `@cache/core/bytes`.
 * @param {Member} member
 * @returns {string[]}
 */
export function entryPointsOf({ name, manifest }) {
  const subpaths = Object.keys(manifest.exports).filter((subpath) => subpath !== "./package.json");
  return subpaths.map((subpath) => `${name}${subpath.slice(1)}`);
}

/**
 * What a tarball holds besides code: the words and the licence, and nothing of how it was built.
 * @param {string} folder
 */
function checkContent(folder) {
  for (const name of ["README.md", "LICENSE"])
    if (!existsSync(join(folder, name))) throw new Error(`no ${name} in the tarball`);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const stray = files.find((file) => file.endsWith(".tsbuildinfo") || /^(test|bench|node_modules)\b/.test(file));
  if (stray !== undefined) throw new Error(`${stray} is in the tarball`);
}

/**
 * @param {string} folder
 * @param {string[]} names
 */
async function importAll(folder, names) {
  const lines = names.map((name) => {
    const empty = JSON.stringify(`${name} exports nothing`);
    return `if (Object.keys(await import(${JSON.stringify(name)})).length === 0) throw new Error(${empty});`;
  });
  writeFileSync(join(folder, "import.mjs"), `${lines.join("\n")}\n`);
  await run(folder, process.execPath, "import.mjs");
}

/**
 * @param {string} folder
 * @param {string[]} names
 */
async function compileAll(folder, names) {
  const lines = names.map((name, index) => `export * as entry${index} from ${JSON.stringify(name)};`);
  writeFileSync(join(folder, "consumer.ts"), `${lines.join("\n")}\n`);
  for (const [name, resolution] of Object.entries(RESOLUTIONS)) {
    writeJson(folder, `tsconfig.${name}.json`, {
      compilerOptions: {
        ...resolution,
        target: "es2022",
        lib: ["es2022", "esnext.disposable", "dom", "dom.asynciterable"],
        types: [],
        strict: true,
        exactOptionalPropertyTypes: true,
        noEmit: true,
      },
      files: ["consumer.ts"],
    });
    await run(folder, "tsc", "-p", `tsconfig.${name}.json`);
  }
}

/**
 * Commands are there after an install, and say what they are.
 * @param {string} folder
 * @param {Member} member
 */
async function startAll(folder, { manifest }) {
  for (const name of Object.keys(manifest.bin ?? {})) {
    const version = await run(folder, join(folder, "node_modules/.bin", name), "--version");
    if (!version.includes(manifest.version)) throw new Error(`${name} --version says ${version}`);
  }
}

/**
 * @param {string} folder
 * @param {string} name
 * @param {object} content
 */
function writeJson(folder, name, content) {
  writeFileSync(join(folder, name), JSON.stringify(content, undefined, 2));
}
