import { type Cache, type Codec, jsonCodec } from "@cache/core";
import { checkOptions, notify, parseSize, type Size } from "@cache/core/adapter";
import { copyInsertEngine } from "./copy-insert/copy-insert-engine.ts";
import { checkEngine, type DeltaEngine } from "./engine.ts";
import type { DeltaEvent, DeltaListener } from "./events.ts";
import { type GroupRecord, groupSchema, type VersionRecord, versionSchema } from "./record.ts";

/** How versions are kept. */
export interface DeltaStoreOptions {
  /**
   * Makes the deltas.
   * @defaultValue `copyInsertEngine()`
   */
  readonly engine?: DeltaEngine | undefined;
  /**
   * Further engines whose deltas can be read; that of `engine` and `copyInsertEngine()` always can.
   * @defaultValue none
   */
  readonly readers?: readonly DeltaEngine[] | undefined;
  /**
   * A delta that takes more than this part of its version is not worth its reference: the version is stored whole. From 0 to 1.
   * @defaultValue 0.5
   */
  readonly maxRatio?: number | undefined;
  /**
   * Largest reference, since one is held in memory while a delta is made or read. A larger version is stored whole and is nobody's reference.
   * @defaultValue 256 MiB
   */
  readonly maxReferenceBytes?: Size | undefined;
  /**
   * Largest version that `get` and `lookup` take into memory; `open` and `toFile` have no bound.
   * @defaultValue 256 MiB
   */
  readonly maxBufferedBytes?: Size | undefined;
  /** Hears when a version, or what it is made of, is lost or not to be believed. */
  readonly onEvent?: DeltaListener | undefined;
  /**
   * The clock, in milliseconds since 1970 UTC; give it that of the cache.
   * @defaultValue `Date.now`
   */
  readonly now?: (() => number) | undefined;
}

/** {@link DeltaStoreOptions} with every default filled in and every bound checked, and where things are kept. */
export interface Settings {
  readonly versions: Cache<VersionRecord>;
  readonly groups: Cache<GroupRecord>;
  readonly engine: DeltaEngine;
  readonly engines: ReadonlyMap<string, DeltaEngine>;
  readonly maxRatio: number;
  readonly maxReferenceBytes: number;
  readonly maxBufferedBytes: number;
  readonly now: () => number;
  readonly tell: (event: Omit<DeltaEvent, "time">) => void;
}

const OPTIONS = ["engine", "readers", "maxRatio", "maxReferenceBytes", "maxBufferedBytes", "onEvent", "now"] as const;
const HELD = 268_435_456;

/** @throws TypeError for any option out of its bounds */
export function settle(cache: Cache, options: DeltaStoreOptions): Settings {
  if (typeof cache?.namespace !== "function") throw new TypeError("deltaStore needs a cache");
  checkOptions("deltaStore", options, OPTIONS);
  const { engine = copyInsertEngine(), maxRatio = 0.5, onEvent, now = Date.now } = options;
  if (typeof maxRatio !== "number" || !(maxRatio >= 0 && maxRatio <= 1)) throw new TypeError("maxRatio is from 0 to 1");
  for (const each of [onEvent ?? now, now])
    if (typeof each !== "function") throw new TypeError("a listener and a clock are functions");
  const versions = cache.namespace<VersionRecord>("deltas", {
    codec: jsonCodec as Codec<VersionRecord>,
    schema: versionSchema,
  });
  return {
    ...{ versions, maxRatio, now, engine },
    groups: versions.namespace<GroupRecord>("groups", { schema: groupSchema }),
    engines: enginesOf(engine, options.readers ?? []),
    maxReferenceBytes: parseSize(options.maxReferenceBytes ?? HELD),
    maxBufferedBytes: parseSize(options.maxBufferedBytes ?? HELD),
    tell: (event) => notify(onEvent, { ...event, time: now() }),
  };
}

/** By name; of two with one name the one that writes reads, too. */
function enginesOf(engine: DeltaEngine, readers: readonly DeltaEngine[]): ReadonlyMap<string, DeltaEngine> {
  if (!Array.isArray(readers)) throw new TypeError('"readers" are engines');
  const all = [copyInsertEngine(), ...readers, engine].map(checkEngine);
  return new Map(all.map((each) => [each.name, each]));
}
