import { checkOptions } from "@cache/core/adapter";
import { type DigestContent, type Digestible, digestible } from "@cache/core/digest";
import { treeDigest } from "./tree/digest.ts";
import { type DigestedFile, readFile } from "./tree/read-file.ts";
import { requireUnchanged } from "./tree/unchanged.ts";
import { type Exclude, walk } from "./tree/walk.ts";

/** What lay at a path when it was looked at: an argument of memoized functions that counts by its content, wherever it lies. */
export interface ContentAt extends Digestible {
  /** As it was given. */
  readonly path: string;
  /** Of names, contents and links: 64 hexadecimal digits. Times and owners do not count, nor does the path. */
  readonly digest: string;
  /** Bytes of all files. */
  readonly size: number;
}

class Content implements ContentAt {
  readonly path: string;
  readonly digest: string;
  readonly size: number;

  constructor(path: string, digest: string, size: number) {
    this.path = path;
    this.digest = digest;
    this.size = size;
  }

  [digestible](): DigestContent {
    return { type: "@cache/files", content: this.digest };
  }
}

/**
 * Reads a file, or a directory with all that is in it, and says what its content is. Links are not followed, and what is in `exclude`
 * is not looked at.
 * @throws CacheError `ERR_CACHE_UNSAFE_PATH` for what cannot be kept: a device, a link that leads out of the directory
 * @throws TypeError for a file that changes while it is read
 */
export async function contentAt(
  path: string,
  options: { readonly exclude?: Exclude | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<ContentAt> {
  checkOptions("contentAt", options, ["exclude", "signal"]);
  const walked = await walk(path, options.exclude);
  const { root, ...tree } = walked;
  const files: DigestedFile[] = [];
  let size = 0;
  for (const file of tree.files) {
    size += file.size;
    for await (const _ of readFile(root, file, (digested) => files.push(digested))) options.signal?.throwIfAborted();
  }
  await requireUnchanged(path, options.exclude, walked);
  return new Content(path, treeDigest({ ...tree, files }), size);
}
