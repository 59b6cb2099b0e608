import { lstatSync, type Stats } from "node:fs";
import type { Levels } from "../options.ts";
import type { Paths } from "../paths.ts";
import type { Witness } from "../witness.ts";
import type { OwnAlert } from "./alerts.ts";
import type { Tell } from "./finding.ts";
import type { Memory } from "./memory.ts";
import { nameIn, placeBelow, placeOfPath, roleOf } from "./places.ts";
import { seenOf } from "./seen.ts";

/** What takes note of own writes. */
export interface OwnWritesOptions {
  readonly paths: Paths;
  readonly memory: Memory;
  readonly levels: () => Levels;
  /** Left out: they are not told of. */
  readonly tell?: Tell | undefined;
}

/**
 * Remembers what this process writes and removes at the moment it does: whatever is reported later is what is
 * remembered, and whatever differs from that is somebody else's.
 */
export function ownWrites({ paths, memory, levels, tell }: OwnWritesOptions): Witness {
  const note = (path: string, did: OwnAlert["did"]): void => {
    const at = placeOfPath(paths, path);
    if (at === undefined) return;
    const { directory, file } = at;
    const found = did === "put" ? lookAt(path) : undefined;
    if (found !== undefined) memory.set(directory, file, seenOf(found));
    else memory.delete(directory, file);
    if (roleOf(directory, file, levels()) !== "value") return;
    tell?.({ type: "own", level: "info", path: placeBelow(directory, file), name: nameIn(directory, file), did });
  };
  return { written: (path) => note(path, "put"), removed: (path) => note(path, "removed") };
}

function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    // The put is done, and nothing here may fail it. What cannot be remembered is told as somebody else's.
    return undefined;
  }
}
