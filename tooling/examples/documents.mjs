import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readWorkspace } from "../house/workspace.mjs";
import { fencesOf } from "./fences.mjs";
import { programsOf } from "./programs.mjs";

/** @typedef {import("./programs.mjs").Program} Program */

/** What people read before they use it, and the generated reference nobody wrote. */
const TOP = ["README.md", "CONTRIBUTING.md", "SECURITY.md"];
const GENERATED = "docs/api/";

/**
 * The examples of all documents.
 * @param {string} root
 * @returns {{ programs: Program[], problems: string[] }}
 */
export function examplesOf(root) {
  const each = documentsOf(root).map((file) => programsOf(fencesOf(file, readFileSync(join(root, file), "utf8"))));
  return { programs: each.flatMap(({ programs }) => programs), problems: each.flatMap(({ problems }) => problems) };
}

/**
 * @param {string} root
 * @returns {string[]}
 */
export function documentsOf(root) {
  const readmes = readWorkspace(root).map(({ folder }) => `${folder}/README.md`);
  const own = [...TOP, ...readmes].filter((file) => existsSync(join(root, file)));
  if (!existsSync(join(root, "docs"))) return own;
  const docs = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" });
  const paths = docs.map((path) => `docs/${path.replaceAll("\\", "/")}`).sort();
  return [...own, ...paths.filter((path) => path.endsWith(".md") && !path.startsWith(GENERATED))];
}
