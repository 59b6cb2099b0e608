import { lstatSync, renameSync } from "node:fs";
import { join } from "node:path";
import { type Name, parseName } from "@cache/core/adapter";
import { moveIfFree } from "../moving.ts";
import { type Paths, randomName } from "../paths.ts";
import { isPrivateDirectory } from "../privacy.ts";
import { quarantinedAs } from "../quarantine.ts";
import type { Seen } from "./seen.ts";

/**
 * Sets something planted aside, as it is: a link is not followed and nothing is opened. What took its place meanwhile
 * goes back.
 * @returns whether it was set aside; a medium that cannot leaves it where it is, in nobody's way but that of a put
 */
export function setPlantedAside({ quarantine }: Paths, path: string, seen: Seen, name: Name | undefined): boolean {
  const place = name && parseName(name);
  const aside = join(quarantine, place ? quarantinedAs(place.kind, place.hex) : `planted-${randomName()}`);
  try {
    if (!isPrivateDirectory(quarantine)) return false;
    renameSync(path, aside);
    const moved = lstatSync(aside);
    if (moved.ino === seen.ino) return true;
    if (moved.isFile()) moveIfFree(aside, path);
    else renameSync(aside, path);
    return false;
  } catch {
    // Another process was first, or it cannot be moved. The alert says that it was not.
    return false;
  }
}
