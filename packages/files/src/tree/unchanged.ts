import { type Exclude, type Walked, walk } from "./walk.ts";

/**
 * Looks again at what was read since it was walked: what was read at different moments is a tree that never was.
 * @throws TypeError for anything that was changed, that came, or that went
 */
export async function requireUnchanged(path: string, exclude: Exclude | undefined, before: Walked): Promise<void> {
  const now = await walk(path, exclude).catch((cause: unknown) => {
    throw changed("what is there", cause);
  });
  const [seen, told] = [stamps(before), stamps(now)];
  for (const [each, stamp] of told) if (seen.get(each) !== stamp) throw changed(each);
  for (const each of seen.keys()) if (!told.has(each)) throw changed(each);
}

/** What each path was. */
function stamps({ files, directories, links }: Walked): Map<string, string> {
  return new Map([
    ...directories.map((path) => [path, "a directory"] as const),
    ...links.map(({ path, target }) => [path, `a link to ${target}`] as const),
    ...files.map(({ path, stamp }) => [path, stamp] as const),
  ]);
}

/** For something that is not what it was a moment ago. */
const changed = (path: string, cause?: unknown): TypeError =>
  new TypeError(`${path || "the file"} changed while it was read`, { cause });
