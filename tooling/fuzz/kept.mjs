import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const HOME = fileURLToPath(new URL(".", import.meta.url));

/** @param {Uint8Array} bytes */
const nameOf = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 16);

/** @param {"corpus" | "found"} kind @param {string} target */
const folderOf = (kind, target) => join(HOME, kind, target);

/**
 * Inputs that are kept as files: what is worth going on from, and what once broke a promise.
 * @param {"corpus" | "found"} kind
 * @param {string} target
 * @returns {Uint8Array[]}
 */
export function keptInputs(kind, target) {
  const folder = folderOf(kind, target);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => new Uint8Array(readFileSync(join(folder, name))));
}

/**
 * @param {string} target
 * @param {Uint8Array} bytes
 * @returns {string} the path of the file
 */
export function keepFinding(target, bytes) {
  const folder = folderOf("found", target);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, nameOf(bytes));
  writeFileSync(path, bytes);
  return path;
}

/**
 * Exchanges the kept inputs of a target for others.
 * @param {string} target
 * @param {readonly Uint8Array[]} inputs
 */
export function keepCorpus(target, inputs) {
  const folder = folderOf("corpus", target);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const bytes of inputs) writeFileSync(join(folder, nameOf(bytes)), bytes);
}
