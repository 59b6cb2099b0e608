import { posix } from "node:path";

/** @typedef {import("./workspace.mjs").Member} Member */

/**
 * The files of the same package that a specifier may mean: one for a relative path, one per runtime for a name of the
 * manifest's `imports` map, none for another package.
 * @param {Member} member
 * @param {string} file - the importing file
 * @param {string} specifier
 * @returns {string[]}
 */
export function filesMeant(member, file, specifier) {
  if (specifier.startsWith(".")) return [posix.normalize(posix.join(posix.dirname(file), specifier))];
  if (!specifier.startsWith("#")) return [];
  return sourceTargets(member, specifier).map(({ path }) => path);
}

/**
 * The sources behind one name of the `imports` map, with the condition that chooses each.
 * @param {Member} member
 * @param {string} name
 * @returns {{ condition: string, path: string }[]}
 */
export function sourceTargets(member, name) {
  const source = member.manifest.imports?.[name]?.["@cache/source"] ?? {};
  const targets = typeof source === "string" ? { default: source } : source;
  return Object.entries(targets).map(([condition, path]) => ({
    condition,
    path: posix.normalize(`${member.folder}/${path}`),
  }));
}

/**
 * The package a specifier names: `@cache/core` of `@cache/core/bytes`, `vitest` of `vitest/config`.
 * @param {string} specifier
 * @returns {string}
 */
export function packageNamed(specifier) {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
