import { dirname, join, sep } from "node:path";
import { type Kind, type Name, parseName } from "@cache/core/adapter";
import { placeIn } from "../listing.ts";
import type { Levels } from "../options.ts";
import { KINDS, type Paths } from "../paths.ts";

/**
 * Where things lie, as text with `/` between: `.` is the directory of the store, and the empty text what that lies in, of
 * which nothing else is looked at.
 */
export type Place = string;

/** What the layout has in a place. `closed`: a directory whose content is nobody's concern. */
export type Role = "directory" | "closed" | "value" | "layout" | "file" | "nothing";

/** All places where a scan begins. */
export const TOP: Place = "";
export const ROOT = ".";
const VERSION: Place = "v1";

const IN_VERSION: Readonly<Record<string, Role>> = {
  ...Object.fromEntries(KINDS.map((kind) => [kind, "directory" as const])),
  tmp: "closed",
  quarantine: "closed",
  layout: "layout",
  ledger: "file",
  "CACHEDIR.TAG": "file",
};

/** Directories whose values are looked at. */
export const KIND_PLACES: readonly Place[] = KINDS.map((kind) => `${VERSION}/${kind}`);

export function placeBelow(directory: Place, file: string): Place {
  if (directory === TOP) return ROOT;
  return directory === ROOT ? file : `${directory}/${file}`;
}

/** The path of a place in a file system. */
export function pathOf({ root }: Paths, place: Place): string {
  if (place === TOP) return dirname(root);
  return place === ROOT ? root : join(root, place);
}

/** The only names that matter in a directory, where others belong to others; `undefined`: all. */
export function onlyNamesIn(directory: Place): readonly string[] | undefined {
  if (directory === TOP) return [ROOT];
  return directory === ROOT ? [VERSION] : undefined;
}

/** What belongs in a place. */
export function roleOf(directory: Place, file: string, levels: Levels): Role {
  if (directory === TOP || directory === ROOT) return "directory";
  if (directory === VERSION) return Object.hasOwn(IN_VERSION, file) ? (IN_VERSION[file] as Role) : "nothing";
  const digits = directory.split("/").slice(2);
  return placeIn((levels - digits.length) as Levels | 0, digits.join(""), file) ?? "nothing";
}

/** Whether a place is among the values, where what is planted can be set aside without harm to the layout. */
export function isAmongValues(directory: Place): boolean {
  return directory.split("/").length > 1;
}

/** The name of the value that belongs in a place of a value. */
export function nameIn(directory: Place, file: string): Name {
  return `${directory.split("/")[1] as Kind}/${file}`;
}

/** Where a value is remembered, by the path that its file has; `undefined` when it is of another store. */
export function placeOfPath({ version }: Paths, path: string): { directory: Place; file: string } | undefined {
  if (!path.startsWith(version + sep)) return undefined;
  const parts = path.slice(version.length + 1).split(sep);
  const file = parts.pop() as string;
  return { directory: [VERSION, ...parts].join("/"), file };
}

/** Where the file of a value lies. */
export function placeOfName(name: Name, levels: Levels): Place {
  const { kind, hex } = parseName(name);
  const digits = levels === 1 ? hex.slice(0, 2) : `${hex.slice(0, 2)}/${hex.slice(2, 4)}`;
  return `${VERSION}/${kind}/${digits}/${hex}`;
}
