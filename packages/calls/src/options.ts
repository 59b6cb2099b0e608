import type { Duration } from "@cache/core";
import { checkOptions, parseDuration } from "@cache/core/adapter";
import type { Tags } from "./record.ts";

/** What of a call is recorded, and for how long. */
export interface CallRecordsOptions {
  /**
   * The namespace of the records within the cache; it should hold nothing else.
   * @defaultValue `calls`
   */
  readonly namespace?: string | undefined;
  /**
   * How long a record is believed.
   * @defaultValue the cache's `ttl`
   */
  readonly ttl?: Duration | undefined;
  /**
   * Also records calls whose result was there.
   * @defaultValue false
   */
  readonly hits?: boolean | undefined;
  /**
   * Keeps the arguments as text of at most 1000 characters: `true`, or what this function makes of them. They may be secrets.
   * @defaultValue false
   */
  readonly arguments?: boolean | ((args: readonly unknown[]) => string) | undefined;
  /**
   * Keeps the name of the machine.
   * @defaultValue false
   */
  readonly host?: boolean | undefined;
  /** Words for every call, by name; a function is asked at each call. */
  readonly tags?: Tags | (() => Tags) | undefined;
}

const OPTIONS = ["namespace", "ttl", "hits", "arguments", "host", "tags"] as const;

/** @throws TypeError for an option out of its bounds */
export function checkRecordsOptions(options: CallRecordsOptions): void {
  checkOptions("callRecords", options, OPTIONS);
  const { ttl, hits, arguments: show, host, tags } = options;
  if (ttl !== undefined) parseDuration(ttl);
  for (const [name, flag] of Object.entries({ hits, host })) {
    if (flag !== undefined && typeof flag !== "boolean") throw new TypeError(`"${name}" is a boolean, or left out`);
  }
  if (!["undefined", "boolean", "function"].includes(typeof show)) {
    throw new TypeError('"arguments" is a boolean, a function, or left out');
  }
  if (tags === null || !["undefined", "object", "function"].includes(typeof tags)) {
    throw new TypeError('"tags" is an object, a function that gives one, or left out');
  }
}
