import { CacheError, parentsOf } from "@cache/core/adapter";
import { isReserved } from "../about/agreement.ts";
import { contentOf } from "../file/contents.ts";
import type { Head, PlacedMember } from "../file/head.ts";

import { extractedMode, impliedMode } from "./modes.ts";

/** What an extraction consists of, parents before what is in them. */
export interface Plan {
  /** Rights by path. */
  readonly directories: ReadonlyMap<string, number>;
  /** By path. */
  readonly files: ReadonlyMap<string, PlacedMember>;
  /** Bytes of all files. */
  readonly size: number;
}

/** Names that Windows takes for others: it drops dots and spaces at their end, so that `.. ` would be `..`. */
const TRAILING = /[. ](?:\/|$)/;

/** @throws CacheError `ERR_CACHE_FORMAT` for a path that means another one on this system */
function checkHere(path: string): void {
  if (process.platform === "win32" && TRAILING.test(path))
    throw new CacheError("ERR_CACHE_FORMAT", "a path of the package cannot be made on this system");
}

/** What has to be made for a package; the format's own members are left out. */
export function planOf({ members }: Head): Plan {
  const directories = new Map<string, number>();
  const files = new Map<string, PlacedMember>();
  let size = 0;
  for (const member of members.filter(({ path }) => !isReserved(path))) {
    checkHere(member.path);
    for (const parent of parentsOf(member.path)) {
      if (!directories.has(parent)) directories.set(parent, impliedMode);
    }
    if (member.type === "directory") directories.set(member.path, extractedMode(member));
    else files.set(member.path, member);
    size += contentOf(member).size;
  }
  return { directories, files, size };
}
