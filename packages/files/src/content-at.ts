import { checkOptions } from "@cache/core/adapter";
import { type DigestContent, type Digestible, digestible } from "@cache/core/digest";
import { readTree } from "./tree/read-tree.ts";
import type { Exclude } from "./tree/walk.ts";

/** What lay at a path when it was looked at: an argument of memoized functions that counts by its content, wherever it lies. */
export interface ContentAt extends Digestible {
  /** As it was given. */
  readonly path: string;
  /** Of names, contents and links: 64 hexadecimal digits. Times and owners do not count, nor does the path. */
  readonly digest: string;
  /** Bytes of all files. */
  readonly size: number;
  /**
   * Whether the same lies there now, read anew. What is gone or changes meanwhile is not the same.
   * @throws Error of the system for what cannot be looked at
   */
  isCurrent(): Promise<boolean>;
}

/** What of a path counts, and for how long it is read. */
export interface ContentOptions {
  /**
   * What of a directory is left out.
   * @defaultValue nothing
   */
  readonly exclude?: Exclude | undefined;
  readonly signal?: AbortSignal | undefined;
}

class Content implements ContentAt {
  readonly path: string;
  readonly digest: string;
  readonly size: number;
  readonly #options: ContentOptions;

  constructor(
    path: string,
    { digest, size }: { readonly digest: string; readonly size: number },
    options: ContentOptions,
  ) {
    this.path = path;
    this.digest = digest;
    this.size = size;
    this.#options = options;
  }

  async isCurrent(): Promise<boolean> {
    try {
      return (await readTree(this.path, this.#options)).digest === this.digest;
    } catch (error) {
      if (isOther(error)) return false;
      throw error;
    }
  }

  [digestible](): DigestContent {
    return { type: "@cache/files", content: this.digest };
  }
}

/** Of what is gone, of what changes while it is read, and of what can no longer be kept: it is not what was read before. */
function isOther(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  if (code === undefined) return error instanceof TypeError;
  return code === "ENOENT" || code === "ENOTDIR" || code === "ERR_CACHE_UNSAFE_PATH";
}

/**
 * Reads a file, or a directory with all that is in it, and says what its content is. Links are not followed, and what is in `exclude`
 * is not looked at.
 * @throws CacheError `ERR_CACHE_UNSAFE_PATH` for what cannot be kept: a device, a link that leads out of the directory
 * @throws TypeError for a file that changes while it is read
 */
export async function contentAt(path: string, options: ContentOptions = {}): Promise<ContentAt> {
  checkOptions("contentAt", options, ["exclude", "signal"]);
  return new Content(path, await readTree(path, options), options);
}
