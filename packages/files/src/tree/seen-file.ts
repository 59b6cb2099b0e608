import type { FileMember } from "./member.ts";

const EXECUTE = 0o100n;

/** A file as it was found at one moment. */
export interface SeenFile extends FileMember {
  /** Another one whenever the file is another, or was written to. */
  readonly stamp: string;
  /** Its device and number, which no other name of it hides. */
  readonly identity: string;
}

/** What the system says of something. */
type Stats = Readonly<Record<"dev" | "ino" | "size" | "mode" | "mtimeNs" | "ctimeNs", bigint>>;

/** Another one whenever what has it is another, or was written to; a directory is by whatever comes, goes or is renamed in it. */
export const stampOf = ({ dev, ino, size, mtimeNs, ctimeNs }: Omit<Stats, "mode">): string =>
  [dev, ino, size, mtimeNs, ctimeNs].join();

export const identityOf = ({ dev, ino }: Pick<Stats, "dev" | "ino">): string => `${dev}:${ino}`;

/** What the system says of a file. */
export function seenFile(path: string, stats: Stats): SeenFile {
  const executable = (stats.mode & EXECUTE) !== 0n;
  return { path, size: Number(stats.size), executable, stamp: stampOf(stats), identity: identityOf(stats) };
}
