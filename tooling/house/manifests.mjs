import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { dependencyProblems } from "./dependencies.mjs";
import { exportProblems, importMapProblems } from "./entry-points.mjs";

/** @typedef {import("./workspace.mjs").Finding} Finding */
/** @typedef {import("./workspace.mjs").Member} Member */

/**
 * Manifests and folders that are not as the house wants them.
 * @param {string} root
 * @param {Member[]} members
 * @returns {Finding[]}
 */
export function checkManifests(root, members) {
  return members.flatMap((member) => {
    const published = ["library", "composition", "command"].includes(member.role);
    const problems = [
      ...commonProblems(member),
      ...(published ? publishedProblems(root, member, members) : privateProblems(member)),
    ];
    return problems.map((message) => ({ file: `${member.folder}/package.json`, message }));
  });
}

/**
 * @param {Member} member
 * @returns {string[]}
 */
function commonProblems({ manifest, folder }) {
  return wanted(manifest, {
    name: `@cache/${basename(folder)}`,
    license: "MIT",
    type: "module",
    engines: { node: ">=20.19" },
  });
}

/**
 * @param {Member} member
 * @returns {string[]}
 */
function privateProblems({ manifest, role }) {
  // What is made from the template is published; its test looks at what was made.
  return wanted(manifest, role === "template" ? { private: true } : { private: true, publishConfig: undefined });
}

/**
 * @param {string} root
 * @param {Member} member
 * @param {Member[]} members
 * @returns {string[]}
 */
function publishedProblems(root, member, members) {
  const { manifest, folder } = member;
  return [
    ...wanted(manifest, {
      private: undefined,
      sideEffects: false,
      repository: { type: "git", url: members[0]?.manifest.repository?.url, directory: folder },
      files: [...(manifest.bin === undefined ? [] : ["bin"]), "dist", "src", "!dist/**/*.tsbuildinfo"],
      publishConfig: { access: "public", provenance: true },
      main: undefined,
      module: undefined,
      browser: undefined,
      types: undefined,
      typings: undefined,
      typesVersions: undefined,
    }),
    ...textProblems(manifest),
    ...scriptProblems(manifest),
    ...exportProblems(root, member),
    ...importMapProblems(root, member),
    ...dependencyProblems(member),
    ...folderProblems(root, member),
    ...compilerProblems(root, member),
  ];
}

/**
 * @param {Record<string, unknown>} manifest
 * @param {Record<string, unknown>} fields
 * @returns {string[]}
 */
function wanted(manifest, fields) {
  return Object.entries(fields).flatMap(([field, value]) => {
    if (isDeepStrictEqual(manifest[field], value)) return [];
    if (value === undefined) return [`"${field}" does not belong here`];
    return [`"${field}" is ${JSON.stringify(manifest[field])}, and should be ${JSON.stringify(value)}`];
  });
}

/**
 * @param {Record<string, any>} manifest
 * @returns {string[]}
 */
function textProblems({ version, description, keywords }) {
  const problems = [];
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version ?? "")) problems.push('"version" is no semantic version');
  if (typeof description !== "string" || description.length < 20) problems.push('"description" says too little');
  if (!Array.isArray(keywords) || !keywords.includes("cache")) problems.push('"keywords" does not include "cache"');
  return problems;
}

/** Runs here only, before a tarball is made: one of a package that was not built would hold no code. */
const PREPACK = "pnpm -w run build";

/**
 * What npm runs on a user's machine, or between packing and publishing, has no place in a package.
 * @param {Record<string, any>} manifest
 * @returns {string[]}
 */
function scriptProblems({ scripts = {}, bin }) {
  const hooks = Object.keys(scripts).filter((name) =>
    /^((pre|post)?(install|publish|publishOnly|prepare)|(post)?pack)$/.test(name),
  );
  const problems = hooks.map((name) => `script "${name}" would run by itself`);
  if (scripts.prepack !== PREPACK) problems.push(`script "prepack" is not "${PREPACK}"`);
  // A command is bundled besides, because one file starts sooner than many.
  const build = bin === undefined ? "tsc -b" : "tsc -b && rolldown --config rolldown.config.mjs";
  if (scripts.build !== build) problems.push(`script "build" is not "${build}"`);
  return problems;
}

/**
 * @param {string} root
 * @param {Member} member
 * @returns {string[]}
 */
function folderProblems(root, { folder, manifest, tests }) {
  const files = ["README.md", "src/index.ts", ...Object.values(manifest.bin ?? {})];
  // The release writes it; before the first one there is nothing to say.
  if (manifest.version !== "0.0.0") files.push("CHANGELOG.md");
  const problems = files.filter((file) => !existsSync(join(root, folder, file))).map((file) => `${file} is missing`);
  if (!tests.some((file) => file.endsWith(".test.ts"))) problems.push("there is no test/*.test.ts");
  return problems;
}

/**
 * References that miss a dependency build stale code; extra ones build what nobody asked for.
 * @param {string} root
 * @param {Member} member
 * @returns {string[]}
 */
function compilerProblems(root, { folder, manifest }) {
  const path = join(root, folder, "tsconfig.json");
  if (!existsSync(path)) return ["tsconfig.json is missing"];
  const config = JSON.parse(readFileSync(path, "utf8"));
  const names = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  const ours = names.filter((name) => name.startsWith("@cache/")).map((name) => `../${basename(name)}`);
  return wanted(
    { ...config, references: config.references?.map((/** @type {{ path: string }} */ each) => each.path).sort() },
    {
      extends: "../../tooling/tsconfig.package.json",
      compilerOptions: { rootDir: "src", outDir: "dist", tsBuildInfoFile: "dist/.tsbuildinfo" },
      include: ["src"],
      references: ours.sort(),
    },
  ).map((problem) => `tsconfig.json: ${problem}`);
}
