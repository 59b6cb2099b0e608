import { lstat, readlink, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { UsageError } from "../usage-error.ts";

/** As many links, one after another, as systems follow. */
const MOST_LINKS = 40;

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;
const isAbsence = (error: unknown): boolean => codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR";

/** What is not there, or below a file and so cannot be. @throws Error of the system for all else */
function unlessAbsent(error: unknown): undefined {
  if (!isAbsence(error)) throw error;
}

/** Where something lies, or will once it is made: through no links, one that leads to nothing yet among them. */
async function realPlace(path: string, links = MOST_LINKS): Promise<string> {
  const real = await realpath(path).catch(unlessAbsent);
  if (real !== undefined || dirname(path) === path) return real ?? path;
  const around = await realPlace(dirname(path), links);
  const found = await lstat(path).catch(unlessAbsent);
  if (!found?.isSymbolicLink()) return join(around, basename(path));
  if (links === 0) throw Object.assign(new Error("too many links"), { code: "ELOOP" });
  return realPlace(resolve(around, await readlink(path)), links - 1);
}

/**
 * All that a path stands for: as it was written, where it lies itself, and where what it leads to lies.
 * @throws UsageError when that cannot be told
 */
export async function placesOf(path: string): Promise<readonly string[]> {
  const written = resolve(path);
  try {
    const own = join(await realPlace(dirname(written)), basename(written));
    return [...new Set([written, own, await realPlace(written)])];
  } catch (error) {
    throw new UsageError(`it cannot be told where ${path} leads: ${String(codeOf(error))}`, "name another one");
  }
}

/** Whether one of some places is another one, or holds it. */
export const holds = (outer: readonly string[], inner: readonly string[]): boolean =>
  outer.some((around) => inner.some((each) => isIn(each, around)));

function isIn(path: string, around: string): boolean {
  const way = relative(around, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
