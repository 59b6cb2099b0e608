import { realpath } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { SIGNATURE } from "./signatures.ts";

/** Through no links. What cannot be looked at has no other path; whoever opens it says what is wrong. */
const realPlace = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));

/**
 * Tells of paths below a directory whether they are the package that is made, what signs it, or what a killed process left of it. A package
 * that packs the one before it grows with each.
 */
export async function ownOutput(directory: string, file: string): Promise<(path: string) => boolean> {
  const folder = relative(await realPlace(directory), await realPlace(dirname(file)));
  const at = (name: string): string => join(folder, name).split(sep).join("/");
  const [own, left] = [at(basename(file)), at(`.${basename(file)}.`)];
  const isBetween = (path: string, beginning: string, end: string): boolean =>
    path.startsWith(beginning) && path.endsWith(end) && !path.slice(beginning.length).includes("/");
  return (path) => path === own || isBetween(path, `${own}.`, SIGNATURE) || isBetween(path, left, ".tmp");
}
