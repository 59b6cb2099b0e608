import type { CallRecord, Tags } from "./record.ts";
import { isTime, type RecordKey } from "./record-key.ts";

/** A time: milliseconds since 1970 UTC, or a date. */
export type Time = number | Date;

/** Which calls are meant: those for which all of this holds. */
export interface CallQuery {
  /** The function's name. */
  readonly name?: string | undefined;
  readonly version?: string | number | undefined;
  /** Of the arguments, as a memoized function's `digest` gives it, or its first 4 digits or more. */
  readonly digest?: string | undefined;
  /** Begun then or later. */
  readonly since?: Time | undefined;
  /** Begun before then. */
  readonly until?: Time | undefined;
  /** Tags that the call has, beside others. */
  readonly tags?: Tags | undefined;
}

export const QUERY_OPTIONS = ["name", "version", "digest", "since", "until", "tags"] as const;

/** A query in two parts: what the key of a record tells, and what only the record does. */
export interface Conditions {
  readonly ofKey: (key: RecordKey) => boolean;
  readonly ofRecord: (record: CallRecord) => boolean;
}

/** @throws TypeError for a query that is none */
export function conditionsOf({ name, version, digest, since, until, tags = {} }: CallQuery): Conditions {
  const from = since === undefined ? 0 : timeOf("since", since);
  const to = until === undefined ? Number.POSITIVE_INFINITY : timeOf("until", until);
  const digits = digest === undefined ? "" : shortDigits(digest, 64);
  if (name !== undefined && typeof name !== "string") throw new TypeError('"name" is a string, or left out');
  const wanted = Object.entries(tags);
  return {
    ofKey: (key) =>
      (name === undefined || key.name === name) &&
      (version === undefined || key.version === String(version)) &&
      key.digest.startsWith(digits) &&
      key.started >= from &&
      key.started < to,
    ofRecord: (record) => wanted.every(([tag, value]) => Object.hasOwn(record.tags, tag) && record.tags[tag] === value),
  };
}

function timeOf(what: string, time: Time): number {
  const milliseconds = time instanceof Date ? time.getTime() : time;
  if (!isTime(milliseconds)) throw new TypeError(`"${what}" is a date, or milliseconds since 1970`);
  return milliseconds;
}

/** The first digits of something that has `most`. @throws TypeError for fewer than 4, for more, and for what are none */
export function shortDigits(text: string, most: number): string {
  if (typeof text !== "string" || !/^[0-9a-fA-F]{4,}$/.test(text) || text.length > most) {
    throw new TypeError(`a short digest is 4 to ${most} hexadecimal digits`);
  }
  return text.toLowerCase();
}
