import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";

/** One input of the program. */
export interface SourceFile {
  /** Relative to the root of the repository, with `/`. */
  readonly path: string;
  /** With its dot: `.ts`. */
  readonly extension: string;
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes in hexadecimal. */
  readonly digest: string;
}

/** How much input to take. */
export interface Bounds {
  readonly files: number;
  /** Sum of the lengths in bytes. */
  readonly bytes: number;
}

const EXTENSIONS: ReadonlySet<string> = new Set([".js", ".mjs", ".cjs", ".ts", ".mts", ".md", ".json"]);
const NOT_INPUT: ReadonlySet<string> = new Set([".git", ".demo", ".turbo", "coverage", "dist", "node_modules"]);
const SMALLEST = 4096;
const LARGEST = 1_048_576;

/** Every file below a folder that may be input. Links are not followed, so nothing is met twice. */
function* walk(folder: string, skip: ReadonlySet<string>): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (skip.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path, skip);
    else if (entry.isFile() && EXTENSIONS.has(extname(entry.name))) yield path;
  }
}

/** Installed packages where the package manager keeps the real files. */
function installed(root: string): string[] {
  const folder = join(root, "node_modules", ".pnpm");
  try {
    return [...walk(folder, new Set([".git"]))];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** Sorted by a digest of the path: the same choice on every machine, spread over all packages. */
function spread(paths: readonly string[]): string[] {
  return paths
    .map((path) => ({ path, rank: sha256(path) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ path }) => path);
}

/** One file as it is now. */
export function readSource(root: string, path: string): SourceFile {
  const bytes = new Uint8Array(readFileSync(join(root, path)));
  return { path, extension: extname(path), bytes, digest: sha256(bytes) };
}

/**
 * The input: a quarter of this repository's own files at most, the rest from its installed packages, no content twice.
 * The choice depends on what is there and on nothing else.
 */
export function chooseFiles(root: string, bounds: Bounds): SourceFile[] {
  const local = (path: string): string => relative(root, path).split(sep).join("/");
  const own = spread([...walk(root, NOT_INPUT)].map(local)).slice(0, Math.ceil(bounds.files / 4));
  const chosen = new Map<string, SourceFile>();
  let left = bounds.bytes;
  for (const path of [...own, ...spread(installed(root).map(local))]) {
    if (chosen.size >= bounds.files) break;
    const size = statSync(join(root, path), { throwIfNoEntry: false })?.size ?? 0;
    if (size < SMALLEST || size > Math.min(LARGEST, left)) continue;
    const file = readSource(root, path);
    if (chosen.has(file.digest)) continue;
    chosen.set(file.digest, file);
    left -= size;
  }
  return [...chosen.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
