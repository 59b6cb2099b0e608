import { lstatSync, type Stats } from "node:fs";
import { isCacheError, type Name } from "@cache/core/adapter";
import { isAbsence } from "../failures.ts";
import { readLayout } from "../layout.ts";
import type { Levels } from "../options.ts";
import type { Paths } from "../paths.ts";
import { isOpenToOthers } from "../privacy.ts";
import type { RawName } from "../raw-names.ts";
import { setPlantedAside } from "./aside.ts";
import type { Complaints } from "./complaints.ts";
import type { Tell } from "./finding.ts";
import type { Memory } from "./memory.ts";
import { isAmongValues, nameIn, type Place, pathOf, placeBelow, ROOT, type Role, roleOf, TOP } from "./places.ts";
import { changeOf, hasOtherRights, type Seen, seenOf } from "./seen.ts";

/** A value that is not as it was remembered, and that this process did not put. */
export interface Suspect {
  readonly name: Name;
  readonly replaced: boolean;
  /** It is the file that was there, with other content: no writer does that. */
  readonly inPlace: boolean;
  /** Only the time of its change differs. */
  readonly touched: boolean;
}

/** What a comparison works with. */
export interface ComparisonOptions {
  readonly paths: Paths;
  readonly memory: Memory;
  readonly complaints: Complaints;
  readonly quarantine: boolean;
  readonly tell: Tell;
}

/** What the look at a name says of directories: this one has to be looked into, or it is gone. */
export type Found = "directory" | "new directory" | "gone" | undefined;

/** A name that is looked at. */
interface Spot {
  readonly directory: Place;
  readonly file: string;
  readonly place: Place;
  readonly role: Role;
  /** Of the value whose place it is. */
  readonly name: Name | undefined;
}

const fits = (role: Role, { what }: Seen): boolean =>
  role !== "nothing" && what === (role === "directory" || role === "closed" ? "directory" : "file");

/** Compares what is there with what is remembered, and remembers what is there. Opens nothing but the layout. */
export class Comparison {
  readonly #options: ComparisonOptions;
  /** Of the layout as it was first seen: whoever changes it later must not make plants of all values. */
  #levels: Levels | undefined;
  #suspects: Suspect[] = [];
  /** Names that are no text, by which they were told of. */
  readonly #toldRaw = new Set<string>();

  constructor(options: ComparisonOptions) {
    this.#options = options;
  }

  get levels(): Levels {
    return this.#levels ?? 1;
  }

  /** Below the kinds nothing can be told while there is no layout. */
  canTellOf(directory: Place): boolean {
    return this.#levels !== undefined || !isAmongValues(directory);
  }

  /** Values to be judged, each once. */
  takeSuspects(): Suspect[] {
    const suspects = this.#suspects;
    this.#suspects = [];
    return suspects;
  }

  /** Looks at one name, and tells what is to be told of it. */
  compare(directory: Place, file: string): Found {
    const { paths, memory, complaints } = this.#options;
    const place = placeBelow(directory, file);
    const role = roleOf(directory, file, this.levels);
    const spot: Spot = { directory, file, place, role, name: role === "value" ? nameIn(directory, file) : undefined };
    const before = memory.get(directory, file);
    let found: Stats | undefined;
    try {
      found = lstatSync(pathOf(paths, place), { throwIfNoEntry: false });
    } catch (error) {
      if (!isAbsence(error)) {
        complaints.unreadable(place, error);
        return undefined;
      }
    }
    complaints.readable(place);
    if (found === undefined) return before && this.#gone(spot, before);
    const now = seenOf(found);
    memory.set(directory, file, now);
    if (fits(role, now)) return this.#asItBelongs(spot, before && fits(role, before) ? before : undefined, now);
    this.#planted(spot, before, now);
    return undefined;
  }

  /** Tells once of a name that is no text. It stays where it is: nothing of ours comes upon it. */
  compareRaw(directory: Place, { shown, path }: RawName): void {
    const found = lstatSync(path, { throwIfNoEntry: false });
    const id = `${path.toString("latin1")} ${found?.ino}`;
    if (found === undefined || this.#toldRaw.has(id)) return;
    this.#toldRaw.add(id);
    const { what } = seenOf(found);
    const place = placeBelow(directory, shown);
    this.#options.tell({ type: "planted", level: "security", path: place, what, name: undefined, quarantined: false });
  }

  #asItBelongs(spot: Spot, before: Seen | undefined, now: Seen): Found {
    const { role, name } = spot;
    this.#checkRights(spot, before, now);
    if (role === "directory") return before?.ino === now.ino ? "directory" : "new directory";
    const change = before === undefined ? "rewritten" : changeOf(before, now);
    if (change === "none") return undefined;
    if (role === "layout") this.#checkLayout(spot);
    const inPlace = change === "rewritten" && before?.ino === now.ino;
    if (name !== undefined) {
      this.#suspects.push({ name, replaced: before !== undefined, inPlace, touched: change === "touched" });
    }
    return undefined;
  }

  #gone({ directory, file, place, role, name }: Spot, before: Seen): Found {
    const { memory, complaints, tell } = this.#options;
    memory.delete(directory, file);
    complaints.forgetBelow(place);
    const below = memory.forgetBelow(place);
    if (directory === TOP || directory === ROOT) this.#levels = undefined;
    const values = name === undefined ? below : 1;
    if (fits(role, before)) tell({ type: "deleted", level: "warning", path: place, name, values });
    return "gone";
  }

  #planted({ directory, file, place, role, name }: Spot, before: Seen | undefined, now: Seen): void {
    const { paths, memory, quarantine, tell } = this.#options;
    if (before !== undefined && before.ino === now.ino && !fits(role, before)) return;
    const path = pathOf(paths, place);
    const quarantined = quarantine && isAmongValues(directory) && setPlantedAside(paths, path, now, name);
    if (quarantined) memory.delete(directory, file);
    tell({ type: "planted", level: "security", path: place, what: now.what, name, quarantined });
  }

  #checkRights({ place, name }: Spot, before: Seen | undefined, now: Seen): void {
    const isOpen = isOpenToOthers(now);
    if (before === undefined ? !isOpen : !hasOtherRights(before, now)) return;
    const { mode, uid } = now;
    this.#options.tell({ type: "permissions", level: isOpen ? "security" : "warning", path: place, name, mode, uid });
  }

  #checkLayout({ place }: Spot): void {
    const { paths, complaints, tell } = this.#options;
    try {
      const levels = readLayout(paths.layout);
      this.#levels ??= levels;
      if (levels === undefined || levels === this.#levels) return;
    } catch (error) {
      if (!isCacheError(error)) {
        complaints.unreadable(place, error);
        return;
      }
    }
    tell({ type: "damaged", level: "security", path: place, code: "ERR_CACHE_LAYOUT", quarantined: false });
  }
}
