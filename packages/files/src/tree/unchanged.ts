import { changed } from "./changed.ts";
import { type Exclude, type Walked, walk } from "./walk.ts";

/**
 * Looks again at what was read since it was walked: what was read at different moments is a tree that never was.
 * @throws TypeError for anything that was changed, that came, or that went
 */
export async function requireUnchanged(path: string, exclude: Exclude | undefined, before: Walked): Promise<void> {
  const now = await walk(path, exclude).catch((cause: unknown) => {
    throw changed("", cause);
  });
  const [seen, told] = [stamps(before), stamps(now)];
  const differing = [...new Set([...told.keys(), ...seen.keys()])].filter((each) => seen.get(each) !== told.get(each));
  // What came or went says more than the directory that it was in.
  const first = differing.find((each) => !now.directories.has(each)) ?? differing.at(-1);
  if (first !== undefined) throw changed(first);
}

/** What each path was. */
function stamps({ tree: { files, links }, directories }: Walked): Map<string, string> {
  return new Map([
    ...directories,
    ...links.map(({ path, target }) => [path, `a link to ${target}`] as const),
    ...files.map(({ path, stamp }) => [path, stamp] as const),
  ]);
}
