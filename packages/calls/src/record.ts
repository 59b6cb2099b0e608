import type { Environment } from "./environment/environment.ts";

/** Words that a user gives to calls, by name. */
export type Tags = Readonly<Record<string, string>>;

/** The account of one call of a memoized function. Times are milliseconds since 1970 UTC. */
export interface CallRecord {
  /** Of this record alone: 32 hexadecimal digits. */
  readonly id: string;
  /** The function's name and version. */
  readonly name: string;
  readonly version?: string | undefined;
  /** Of the arguments that counted: 64 hexadecimal digits. */
  readonly digest: string;
  readonly outcome: "computed" | "hit";
  readonly started: number;
  /** In milliseconds. */
  readonly duration: number;
  /** The key in the cache under which the result was kept. */
  readonly key: string;
  /** SHA-256 of the encoded result and its length in bytes, as its entry states them; absent when it could not be kept. */
  readonly result?: { readonly digest: string; readonly size: number } | undefined;
  /** The arguments as they were shown; absent unless the log was told to show them. */
  readonly arguments?: string | undefined;
  readonly environment: Environment;
  readonly tags: Tags;
}

/** What of a record is the value of its entry; the rest is its key. */
export type StoredCall = Omit<CallRecord, "id" | "name" | "version" | "digest" | "started">;
