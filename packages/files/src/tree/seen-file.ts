import type { FileMember } from "./member.ts";

const EXECUTE = 0o100n;

/** A file as it was found at one moment. */
export interface SeenFile extends FileMember {
  /** Another one whenever the file is another, or was written to. */
  readonly stamp: string;
}

/** What the system says of a file. */
export function seenFile(
  path: string,
  {
    dev,
    ino,
    size,
    mode,
    mtimeNs,
    ctimeNs,
  }: Readonly<Record<"dev" | "ino" | "size" | "mode" | "mtimeNs" | "ctimeNs", bigint>>,
): SeenFile {
  const stamp = [dev, ino, size, mtimeNs, ctimeNs].join();
  return { path, size: Number(size), executable: (mode & EXECUTE) !== 0n, stamp };
}
