import type { Given } from "./command.ts";

/** What `--exclude` leaves out of a directory: what has one of the paths, or the name wherever it lies. */
export function excludeOf(given: Given): ((path: string) => boolean) | undefined {
  const excluded = new Set(given.all("exclude").map((each) => each.replace(/^\.\//, "").replace(/\/+$/, "")));
  if (excluded.size === 0) return undefined;
  return (path) => excluded.has(path) || excluded.has(path.slice(path.lastIndexOf("/") + 1));
}
