import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Every file below a directory, sorted. */
export function filesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((path) => join(root, path))
    .filter((path) => statSync(path).isFile())
    .sort();
}

/** The files that hold what was stored, not how. */
export const stored = (root: string): string[] =>
  filesBelow(root).filter((path) => !/CACHEDIR\.TAG$|layout$|ledger|quarantine/.test(path));

/** What is there by now, to be put back later. */
export function copyOf(root: string): () => void {
  const files = stored(root).map((path) => [path, readFileSync(path)] as const);
  return () => {
    for (const [path, bytes] of files) overwrite(path, bytes);
  };
}

/** Other bytes in a file, which is made if it is not there. */
export function overwrite(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, bytes, { mode: 0o600 });
}
