import { realpath } from "node:fs/promises";
import { sep } from "node:path";
import { digestOf } from "@cache/core/digest";
import { contentAt, type Exclude } from "@cache/files";
import { pathArgument } from "../path-argument.ts";
import { refuseInput } from "./answer.ts";
import { besideOf } from "./beside.ts";
import { placesOf } from "./real-place.ts";

/** What lies at some paths. */
interface Content {
  readonly digest: string;
  readonly size: number;
}

/** The digest of what lies at some paths: of one, its own, of several, of all in their order. @throws UsageError */
export async function contentDigest(paths: readonly string[], excludeIn: (root: string) => Exclude): Promise<Content> {
  const contents = [];
  for (const path of paths.map((each) => pathArgument(each, "what is to be read"))) {
    const root = await realpath(path).catch(refuseInput);
    contents.push(await contentAt(path, { exclude: excludeIn(root) }).catch(refuseInput));
  }
  const [only] = contents;
  const digest = contents.length === 1 && only !== undefined ? only.digest : digestOf(contents);
  return { digest, size: contents.reduce((sum, each) => sum + each.size, 0) };
}

/**
 * What is made of a directory may lie in it, and so may the cache. Neither is what it is made of: with them it would be another one each time.
 * @param places - what is left out of what is read, and what is put beside it while it is replaced
 */
export async function withoutPlaces(places: readonly string[], exclude: Exclude): Promise<(root: string) => Exclude> {
  const all = (await Promise.all(places.map(placesOf))).flat();
  const known = new Set(all);
  const beside = all.map(besideOf);
  return (root) => {
    const around = root.endsWith(sep) ? root : root + sep;
    return (path) => {
      const place = around + path.replaceAll("/", sep);
      return known.has(place) || beside.some((each) => isBeside(place, each)) || exclude(path);
    };
  };
}

/** Whether somebody who restores or makes something has it there, with the random end that the system gives it. */
const isBeside = (place: string, begin: string): boolean =>
  place.startsWith(begin) && /^[A-Za-z0-9]{6}$/.test(place.slice(begin.length));
