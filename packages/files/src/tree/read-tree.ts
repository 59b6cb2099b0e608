import { treeDigest } from "./digest.ts";
import { type DigestedFile, readFile } from "./read-file.ts";
import { requireUnchanged } from "./unchanged.ts";
import { type Exclude, walk } from "./walk.ts";

/** What lay at a path at one moment. */
export interface ReadTree {
  readonly kind: "file" | "directory";
  readonly digest: string;
  /** Bytes of all files. */
  readonly size: number;
  /** How many. */
  readonly files: number;
}

/** Reads a file, or a directory with all that is in it, and keeps nothing of it. @throws TypeError for what changes while it is read */
export async function readTree(
  path: string,
  { exclude, signal }: { readonly exclude?: Exclude | undefined; readonly signal?: AbortSignal | undefined },
): Promise<ReadTree> {
  const walked = await walk(path, exclude);
  const { root, tree } = walked;
  const files: DigestedFile[] = [];
  for (const file of tree.files)
    for await (const _ of readFile(root, file, (digested) => files.push(digested))) signal?.throwIfAborted();
  await requireUnchanged(path, exclude, walked);
  const size = files.reduce((sum, each) => sum + each.size, 0);
  return { kind: tree.kind, digest: treeDigest({ ...tree, files }), size, files: files.length };
}
