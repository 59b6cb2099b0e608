import { contentBytes, storedBytes } from "../file/contents.ts";
import { exhaust } from "../file/digesting.ts";
import type { Head, PlacedMember } from "../file/head.ts";
import type { PackageFile } from "../file/package-file.ts";

/** How far a long job is. */
export interface Progress {
  /** Bytes read so far. */
  readonly bytes: number;
}

/** What a pass over a package takes besides it. */
export interface PassOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called after every piece. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

const isFile = ({ type }: PlacedMember): boolean => type === "file";

/** Counts pieces of several passes together, and tells whoever listens. */
export function pieceCounter({ onProgress }: PassOptions): (bytes: number) => void {
  let bytes = 0;
  return (more) => {
    bytes += more;
    onProgress?.({ bytes });
  };
}

/** All stored bytes against their digests. @throws CacheError `ERR_CACHE_AUTH` */
export async function checkStored(
  file: PackageFile,
  { members }: Head,
  signal: AbortSignal | undefined,
  onPiece: (bytes: number) => void,
): Promise<void> {
  for (const member of members.filter(isFile)) await exhaust(storedBytes(file, member, signal), onPiece);
}

/** What is compressed against what it has to expand to. @throws CacheError `ERR_CACHE_AUTH`, `ERR_CACHE_CODEC` */
export async function checkExpanded(
  file: PackageFile,
  { members }: Head,
  signal: AbortSignal | undefined,
  onPiece: (bytes: number) => void,
): Promise<void> {
  for (const member of members.filter(({ note }) => note?.compressed !== undefined))
    await exhaust(contentBytes(file, member, signal), onPiece);
}
