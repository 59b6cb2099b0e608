/**
 * Whether a link stays in the tree it is in, wherever the others of the tree lead: it is relative, goes up only at its beginning, where
 * directories are no links, and never above the root.
 */
export function staysInside(path: string, target: string): boolean {
  const parts = target.split("/");
  // An absolute path begins with an empty part.
  if (parts[0] === "" || /[\\:\0]/.test(target)) return false;
  const down = parts.findIndex((part) => part !== ".." && part !== ".");
  const isUpAgain = down !== -1 && parts.includes("..", down);
  const ups = parts.filter((part) => part === "..").length;
  return !isUpAgain && ups < path.split("/").length;
}
