/** What Template says of a key without sending its value. */
export interface TemplateRow {
  /** The key as it was set. */
  readonly key: string;
  /** Length of the value in bytes. */
  readonly size: number;
  /** When the value was set, in milliseconds since 1970 UTC. */
  readonly modified: number;
  /** Another text after every set, also after a delete in between. */
  readonly version: string;
}

/**
 * The part of a client that this adapter uses. Anything of this shape will do; the adapter neither opens nor closes it,
 * and sees no address and no password. Every method rejects when the service did not answer, or refused.
 */
export interface TemplateClient {
  /** The value, or the part of it from `start` until before `end`, cut to its length; undefined when absent. */
  get(key: string, range: { start: number; end: number | undefined }): Promise<Uint8Array | undefined>;
  /** What is known of a key; undefined when absent. */
  head(key: string): Promise<TemplateRow | undefined>;
  /** All or nothing. With `ifAbsent` it leaves a value that is there, whoever came first, and answers false. */
  set(key: string, value: Uint8Array, condition: { ifAbsent: boolean }): Promise<boolean>;
  /** Deletes the key, with `ifVersion` only while its version is that one. Absent is no error. */
  delete(key: string, condition: { ifVersion: string | undefined }): Promise<void>;
  /** What begins with a text, in any order. */
  list(prefix: string): AsyncIterable<TemplateRow>;
}
