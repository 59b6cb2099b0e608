import { builtinModules } from "node:module";
import { packageNamed } from "./resolve.mjs";
import { importsOf } from "./syntax.mjs";

/** @typedef {import("./workspace.mjs").Finding} Finding */
/** @typedef {import("./workspace.mjs").Member} Member */

const CORE = "@cache/core";

/** What the top manifest gives to every test. */
const TEST_TOOLS = new Set(["vitest", "fast-check", "typescript"]);

/**
 * Imports against the arrows. Sources of a library: `@cache/core` and what its manifest gives to users. Sources of
 * what composes, the command and apps among them: any package of ours they list. Tests: what the manifest lists, for users or for development.
 * @param {string} root
 * @param {Member[]} members
 * @returns {Finding[]}
 */
export function checkArrows(root, members) {
  return members.flatMap((member) => [
    ...member.sources.flatMap((file) => findingsOf(root, member, file, sourceRule(member))),
    ...member.tests.flatMap((file) => findingsOf(root, member, file, testRule(member))),
  ]);
}

/**
 * Says what is wrong with importing a package, or nothing.
 * @typedef {(name: string) => string | undefined} Rule
 */

/**
 * @param {Member} member
 * @returns {Rule}
 */
function sourceRule(member) {
  const given = new Set(namesIn(member, "dependencies", "peerDependencies"));
  const composes = ["composition", "command", "app"].includes(member.role);
  return (name) => {
    if (name === member.name) return `names its own package ${name}; use a relative path`;
    if (name.startsWith("@cache/") && name !== CORE && !composes)
      return `a library depends on ${CORE} only, not on ${name}`;
    return given.has(name) ? undefined : `${name} is neither a dependency nor a peer of ${member.name}`;
  };
}

/**
 * @param {Member} member
 * @returns {Rule}
 */
function testRule(member) {
  const given = new Set(namesIn(member, "dependencies", "peerDependencies", "devDependencies"));
  return (name) => {
    if (name === member.name || TEST_TOOLS.has(name) || given.has(name)) return undefined;
    return `${name} is not listed in the manifest of ${member.name}`;
  };
}

/**
 * @param {string} root
 * @param {Member} member
 * @param {string} file
 * @param {Rule} rule
 * @returns {Finding[]}
 */
function findingsOf(root, member, file, rule) {
  return importsOf(root, file).flatMap(({ specifier, line }) => {
    const message = specifier === undefined ? computed(member, file) : problemWith(member, file, specifier, rule);
    return message === undefined ? [] : [{ file, line, message }];
  });
}

/**
 * @param {Member} member
 * @param {string} file
 * @returns {string | undefined}
 */
function computed(member, file) {
  const checked = member.role === "library" && member.sources.includes(file);
  return checked ? "imports a module whose name is computed, which no check can follow" : undefined;
}

/**
 * @param {Member} member
 * @param {string} file
 * @param {string} specifier
 * @param {Rule} rule
 * @returns {string | undefined}
 */
function problemWith(member, file, specifier, rule) {
  if (specifier.startsWith("#")) {
    return specifier in (member.manifest.imports ?? {}) ? undefined : `${specifier} is not in the manifest's imports`;
  }
  if (specifier.startsWith(".")) return leaves(member, file, specifier);
  if (specifier.startsWith("node:")) return undefined;
  if (builtinModules.includes(specifier)) return `write node:${specifier}`;
  return rule(packageNamed(specifier));
}

/**
 * Relative paths stay in the package, and those of sources in `src`: what is outside is not in the tarball.
 * @param {Member} member
 * @param {string} file
 * @param {string} specifier
 * @returns {string | undefined}
 */
function leaves(member, file, specifier) {
  const home = member.sources.includes(file) ? `${member.folder}/src/` : `${member.folder}/`;
  const path = new URL(specifier, `file:///${file}`).pathname.slice(1);
  return path.startsWith(home) ? undefined : `${specifier} leaves ${home}`;
}

/**
 * @param {Member} member
 * @param {string[]} groups
 * @returns {string[]}
 */
function namesIn(member, ...groups) {
  return groups.flatMap((group) => Object.keys(member.manifest[group] ?? {}));
}
