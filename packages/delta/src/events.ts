import type { CacheErrorCode, EventLevel } from "@cache/core";

/** A version, or something it is made of, that could not be used. It holds no name and no digest. */
export interface DeltaEvent {
  /** `lost`: it is not there any more. `rejected`: it is there and not to be believed. */
  readonly type: "lost" | "rejected";
  /** `security`: what is stored is not what its writer left. */
  readonly level: EventLevel;
  /** What it is about: the version as a whole, what it is a delta to, or the delta or content itself. */
  readonly part: "version" | "reference" | "content";
  /** Milliseconds since 1970 UTC. */
  readonly time: number;
  /** Why, when it was rejected. */
  readonly code?: CacheErrorCode | undefined;
}

/** Receives events; whatever it throws is ignored. */
export type DeltaListener = (event: DeltaEvent) => void;
