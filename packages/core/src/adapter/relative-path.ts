import { utf8 } from "../bytes/text.ts";

const MAX_BYTES = 65_535;

/** Separators and device names of other systems, and the end of a string of most. */
const FORBIDDEN: readonly string[] = ["\\", ":", "\0"];

/**
 * Why text is no path below a directory that means the same on every system: relative, `/` between its parts, none of them
 * empty, `.` or `..`, at most 65535 bytes. `undefined` when it is one.
 */
export function pathProblem(path: string): string | undefined {
  if (!path.isWellFormed()) return "it is not Unicode text";
  if (utf8(path).byteLength > MAX_BYTES) return "it has more than 65535 bytes";
  if (FORBIDDEN.some((character) => path.includes(character))) return "it has a \\, a colon or a NUL";
  // An absolute path begins with an empty part.
  const isUnplain = path.split("/").some((part) => part === "" || part === "." || part === "..");
  return isUnplain ? "one of its parts is empty, . or .." : undefined;
}

/** The directories that a path is in, the topmost first: `a` and `a/b` of `a/b/c`. */
export function parentsOf(path: string): string[] {
  const parents: string[] = [];
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) parents.push(path.slice(0, at));
  return parents;
}
