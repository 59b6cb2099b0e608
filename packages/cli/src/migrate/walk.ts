import { lstatSync } from "node:fs";
import { join } from "node:path";
import { namesIn } from "../foreign/directory.ts";
import { addRights, type Risks } from "./risks.ts";

/**
 * Every file below a directory, to a depth: their paths below it, with `/` between. What is unsafe about owners, modes and
 * kinds is added on the way, that of the directory itself, too. No link is followed, and nothing is opened but directories.
 */
export function filesBelow(root: string, deepest: number, risks: Risks): string[] {
  addRights(risks, ".", lstatSync(root));
  return [...walk(root, deepest, risks, "")];
}

function* walk(root: string, deepest: number, risks: Risks, below: string): Generator<string> {
  for (const name of namesIn(join(root, below))) {
    const path = below === "" ? name : `${below}/${name}`;
    const stats = lstatSync(join(root, path), { throwIfNoEntry: false });
    // It went while this ran.
    if (stats === undefined) continue;
    addRights(risks, path, stats);
    if (!stats.isDirectory()) yield path;
    else if (deepest > 1) yield* walk(root, deepest - 1, risks, path);
  }
}
