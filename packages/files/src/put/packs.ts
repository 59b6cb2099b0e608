import { createHash } from "node:crypto";
import type { FileMember } from "../tree/member.ts";

/** Least size from which on a file is content of its own: 1 MiB. */
const LEAST = 1_048_576;
/** How many times the unit goes into a tree at most, so that with the halves of {@link packsOf} 801 packs are the most. */
const MOST_UNITS = 400;

/** The size from which on a file of a tree is content of its own. A power of two, so that it seldom changes with the tree. */
function unitOf(files: readonly FileMember[]): number {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let unit = LEAST;
  while (unit * MOST_UNITS < total) unit *= 2;
  return unit;
}

/** Whether a pack may end behind a file, by its name alone: so a file that comes or goes changes the packs beside it, and not all that follow. */
const endsPack = ({ path }: FileMember): boolean => (createHash("sha256").update(path).digest()[0] as number) < 64;

/**
 * The files of a tree in the pieces in which they are stored: large ones alone, small ones together. There are never more than an entry can
 * need (900), however many files and bytes there are.
 */
export function packsOf<F extends FileMember>(files: readonly F[]): F[][] {
  const unit = unitOf(files);
  const packs: F[][] = [];
  let [pack, size]: [F[], number] = [[], 0];
  for (const file of files.filter((each) => each.size < unit)) {
    pack.push(file);
    size += file.size;
    if (size < unit && (size < unit / 2 || !endsPack(file))) continue;
    packs.push(pack);
    [pack, size] = [[], 0];
  }
  if (pack.length > 0) packs.push(pack);
  return [...packs, ...files.filter((each) => each.size >= unit).map((file) => [file])];
}
