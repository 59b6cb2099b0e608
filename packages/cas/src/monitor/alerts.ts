import type { CacheErrorCode, EventLevel, Name } from "@cache/core";
import type { Planted } from "../planted.ts";

/** What every alert tells. */
interface Told {
  /** `security`: something is not what its writer left, or others could have changed it. `info`: nothing to do. */
  readonly level: EventLevel;
  /** Where, below the directory of the store, with `/` between: `v1/blobs/ab/abcd…`; `.` is that directory itself. */
  readonly path: string;
  /** When it was found, in milliseconds since 1970 UTC. */
  readonly time: number;
}

/** A value that this process did not put there. */
interface ToldOfValue extends Told {
  readonly name: Name;
  /** False when there was none under the name before. */
  readonly replaced: boolean;
}

/** Another process put a value, or wrote to one, and it holds: whoever did so has the keys, or needs none. */
export interface WrittenAlert extends ToldOfValue {
  readonly type: "written";
  readonly level: "info";
}

/**
 * Another process put a value, or wrote to one, and nobody here can say whether it holds: `code` says why. Without a
 * code, and then of level `info`, it is sealed with these keys, but neither note nor entry says what it is: no read finds
 * it, and it is what remains of content whose entry was replaced.
 */
export interface UnverifiedAlert extends ToldOfValue {
  readonly type: "unverified";
  readonly level: "info" | "warning";
  readonly code?: CacheErrorCode | undefined;
}

/** A value is not what a writer left. Also `v1/layout`, which says how all the rest lies, when it is not what it was. */
export interface DamagedAlert extends Told {
  readonly type: "damaged";
  readonly level: "security";
  readonly name?: Name | undefined;
  readonly code: CacheErrorCode;
  /** Whether it was set aside. */
  readonly quarantined: boolean;
}

/** Another process removed something: a value, or a directory with all that was in it. */
export interface DeletedAlert extends Told {
  readonly type: "deleted";
  readonly level: "warning";
  readonly name?: Name | undefined;
  /** How many values went: one, or all that were known in a directory. */
  readonly values: number;
}

/** Something lies in the store that no put leaves there: no file, or a file whose name is none of the layout. */
export interface PlantedAlert extends Told {
  readonly type: "planted";
  readonly level: "security";
  readonly what: Planted["what"];
  /** The value whose place it has taken, when it has taken that of one. */
  readonly name?: Name | undefined;
  /** Whether it was set aside. */
  readonly quarantined: boolean;
}

/** Owner or rights of something changed, or are such that others can change it. `security` while they are. */
export interface PermissionsAlert extends Told {
  readonly type: "permissions";
  readonly level: "warning" | "security";
  readonly name?: Name | undefined;
  /** The rights, as `chmod` takes them. */
  readonly mode: number;
  /** The number of the owner. */
  readonly uid: number;
}

/** Something could not be looked at. It is tried again at every scan, and told of once. */
export interface UnreadableAlert extends Told {
  readonly type: "unreadable";
  readonly level: "warning";
  /** The platform's name of the failure: `"EACCES"`. */
  readonly reason: string;
}

/** The system does not report changes in a directory: they are found by scans alone. Told of once until it does again. */
export interface UnwatchedAlert extends Told {
  readonly type: "unwatched";
  readonly level: "warning";
  /** The platform's name of the failure: `"ENOSPC"` when it has no watches left. `"LIMIT"`: there are too many directories. */
  readonly reason: string;
}

/** Reports of changes may have been lost, so everything is looked at again. */
export interface RescanAlert extends Told {
  readonly type: "rescan";
  readonly level: "info";
  readonly path: ".";
  /** `flood`: there were more changes at once than the system may keep. */
  readonly reason: "flood" | "watch-failed";
}

/** This process put or removed a value. Only told when `own` asks for it. */
export interface OwnAlert extends Told {
  readonly type: "own";
  readonly level: "info";
  readonly name: Name;
  readonly did: "put" | "removed";
}

/** Something that a monitor found. */
export type Alert =
  | WrittenAlert
  | UnverifiedAlert
  | DamagedAlert
  | DeletedAlert
  | PlantedAlert
  | PermissionsAlert
  | UnreadableAlert
  | UnwatchedAlert
  | RescanAlert
  | OwnAlert;
