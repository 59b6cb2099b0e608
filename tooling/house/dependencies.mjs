import { basename } from "node:path";
import { ALLOWED } from "./allowed-dependencies.mjs";

/** @typedef {import("./workspace.mjs").Member} Member */

const CORE = "@cache/core";

/**
 * What a package brings along, against the arrows and the list of allowed packages.
 * @param {Member} member
 * @returns {string[]}
 */
export function dependencyProblems(member) {
  const unwanted = ["optionalDependencies", "bundledDependencies", "bundleDependencies"];
  return [
    ...unwanted.filter((field) => field in member.manifest).map((field) => `"${field}" does not belong here`),
    ...oursProblems(member),
    ...theirsProblems(member),
    ...coreProblems(member),
  ];
}

/**
 * @param {Member} member
 * @returns {string[]}
 */
function oursProblems({ role, manifest }) {
  const given = { ...manifest.dependencies, ...manifest.peerDependencies };
  return Object.entries(given).flatMap(([name, range]) => {
    if (!name.startsWith("@cache/")) return [];
    if (role === "library" && name !== CORE) return [`a library depends on ${CORE} only, not on ${name}`];
    return range === "workspace:^" ? [] : [`${name} is "${range}", and should be "workspace:^"`];
  });
}

/**
 * @param {Member} member
 * @returns {string[]}
 */
function theirsProblems({ folder, manifest }) {
  const allowed = ALLOWED[basename(folder)] ?? [];
  return Object.entries(manifest.dependencies ?? {}).flatMap(([name, range]) => {
    if (name.startsWith("@cache/")) return [];
    if (!allowed.includes(name)) return [`dependency ${name} is not on the list of allowed dependencies`];
    return range === "catalog:" ? [] : [`${name} is "${range}", and should be "catalog:"`];
  });
}

/**
 * The core of a program is one: libraries take the user's as a peer, so that two never meet in one process.
 * @param {Member} member
 * @returns {string[]}
 */
function coreProblems({ role, name, manifest }) {
  if (!["library", "composition"].includes(role) || name === CORE) return [];
  const problems = [];
  if (manifest.peerDependencies?.[CORE] === undefined) problems.push(`${CORE} is not a peer`);
  if (manifest.dependencies?.[CORE] !== undefined) problems.push(`${CORE} is a dependency, and should be a peer only`);
  if (manifest.devDependencies?.[CORE] !== "workspace:*")
    problems.push(`devDependencies lack ${CORE} as "workspace:*"`);
  return problems;
}
