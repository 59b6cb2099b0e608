import { digestOf } from "@cache/core/digest";
import type { Tree } from "./member.ts";
import type { DigestedFile } from "./read-file.ts";

const byPath = <T extends { readonly path: string }>(members: readonly T[]): T[] =>
  members.toSorted((a, b) => (a.path < b.path ? -1 : 1));

/**
 * The digest of a tree: of its paths, contents, links, and which files can be executed. Times, owners and the order do not count, and of a
 * file that is the root, not its name.
 * @returns 64 hexadecimal digits
 */
export function treeDigest({ kind, files, directories, links }: Tree<DigestedFile>): string {
  return digestOf({
    format: "cache/v1/files",
    kind,
    files: byPath(files).map(({ path, digest, executable }) => [path, digest, executable]),
    directories: directories.toSorted(),
    links: byPath(links).map(({ path, target }) => [path, target]),
  });
}
