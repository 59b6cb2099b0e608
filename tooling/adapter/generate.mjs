import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** @typedef {import("./name.mjs").AdapterName} AdapterName */

const TEMPLATE = "tooling/adapter-template";
const LEFT_OUT = new Set(["node_modules", "dist", ".turbo"]);

/**
 * Copies the template to `packages/NAME` under its new name, and announces it with a changeset.
 * @param {string} root
 * @param {AdapterName} name
 * @returns {string[]} the files written, paths from the top
 * @throws Error when the package is there already
 */
export function generateAdapter(root, name) {
  const folder = `packages/${name.kebab}`;
  if (existsSync(join(root, folder))) throw new Error(`${folder} is there already`);
  const files = filesUnder(join(root, TEMPLATE)).map((file) => ({
    path: `${folder}/${renamed(file, name)}`,
    text: contentFor(file, renamed(readFileSync(join(root, TEMPLATE, file), "utf8"), name)),
  }));
  files.push({ path: `.changeset/${name.kebab}-first-release.md`, text: changesetFor(name) });
  for (const { path, text } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, { flag: "wx" });
  }
  return files.map(({ path }) => path);
}

/**
 * @param {string} folder
 * @param {string} [inside]
 * @returns {string[]}
 */
function filesUnder(folder, inside = "") {
  return readdirSync(join(folder, inside), { withFileTypes: true }).flatMap((entry) => {
    if (LEFT_OUT.has(entry.name)) return [];
    const path = join(inside, entry.name);
    return entry.isDirectory() ? filesUnder(folder, path) : [path];
  });
}

/**
 * @param {string} text
 * @param {AdapterName} name
 * @returns {string}
 */
function renamed(text, { kebab, camel, pascal }) {
  return text
    .replaceAll(TEMPLATE, `packages/${kebab}`)
    .replaceAll("adapter-template", kebab)
    .replaceAll("template-store", `${kebab}-store`)
    .replaceAll("templateStore", `${camel}Store`)
    .replaceAll("Template", pascal);
}

/**
 * A published package lives one folder elsewhere, and is not private.
 * @param {string} file
 * @param {string} text
 * @returns {string}
 */
function contentFor(file, text) {
  if (file === "package.json") {
    const { private: _, ...manifest } = JSON.parse(text);
    return `${JSON.stringify(manifest, undefined, 2)}\n`;
  }
  if (file !== "tsconfig.json") return text;
  return text
    .replace('"../tsconfig.package.json"', '"../../tooling/tsconfig.package.json"')
    .replace("../../packages/", "../");
}

/**
 * @param {AdapterName} name
 * @returns {string}
 */
function changesetFor({ kebab, pascal }) {
  return `---\n"@cache/${kebab}": major\n---\n\nFirst release: a store for \`@cache/core\` in ${pascal}, through a client you already have.\n`;
}
