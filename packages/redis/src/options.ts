import { checkOptions, type Duration, parseDuration, parseSize, type Size } from "@cache/core/adapter";

/** Longest chunk, and longest value in one piece, that is written or believed, in bytes. */
export const MOST_CHUNK: number = 64 * 1024 * 1024;

/** Where in Redis a cache lives, and how. */
export interface RedisStoreOptions {
  /**
   * Before every key, so that others can use the same Redis. No braces: those say what a cluster keeps together.
   * @defaultValue `"cache:"`
   */
  readonly prefix?: string | undefined;
  /**
   * Longest value in one piece, and length of the pieces of longer ones, from 1 KiB to 64 MiB. The server does nothing
   * else while it copies a piece. Stores with different lengths read each other's values.
   * @defaultValue `"256KiB"`
   */
  readonly chunkSize?: Size | undefined;
  /**
   * How long one command may take, the client's waiting for a connection included, before it counts as failed.
   * @defaultValue `"30s"`
   */
  readonly timeout?: Duration | undefined;
  /**
   * How long the pieces of a long value stay after it was replaced or deleted, for those who are reading it.
   * @defaultValue `"1m"`
   */
  readonly grace?: Duration | undefined;
  /**
   * How much longer than was asked for a value is kept that may be forgotten, against clocks that differ.
   * @defaultValue `"1m"`
   */
  readonly margin?: Duration | undefined;
  /**
   * How long what is set aside can be looked at, under `prefix{digits}:quarantine`.
   * @defaultValue `"7d"`
   */
  readonly quarantine?: Duration | undefined;
}

/** The options in bytes and milliseconds. */
export interface Settings {
  readonly prefix: string;
  readonly chunkSize: number;
  readonly timeout: number;
  readonly grace: number;
  readonly margin: number;
  readonly quarantine: number;
}

/** @throws TypeError for an option that does not exist, or that is none */
export function settingsOf(options: RedisStoreOptions): Settings {
  checkOptions("redisStore", options, ["prefix", "chunkSize", "timeout", "grace", "margin", "quarantine"]);
  const { chunkSize = "256KiB", timeout = "30s", grace = "1m", margin = "1m", quarantine = "7d" } = options;
  const bytes = parseSize(chunkSize);
  if (bytes < 1024 || bytes > MOST_CHUNK) throw new TypeError("chunkSize is from 1 KiB to 64 MiB");
  return {
    prefix: prefixOf(options.prefix),
    chunkSize: bytes,
    timeout: timeoutOf(timeout),
    grace: parseDuration(grace),
    margin: parseDuration(margin),
    quarantine: parseDuration(quarantine),
  };
}

/** @throws TypeError for a prefix that would say what a cluster keeps together, or that comes back as another */
export function prefixOf(prefix = "cache:"): string {
  if (typeof prefix !== "string" || /[{}]|^\ufeff/.test(prefix) || !prefix.isWellFormed()) {
    throw new TypeError(
      "a prefix is text without braces, without half a surrogate pair, and without a byte order mark",
    );
  }
  return prefix;
}

/** @throws TypeError for a duration that no timer takes */
export function timeoutOf(timeout: Duration): number {
  const milliseconds = parseDuration(timeout);
  if (milliseconds > 2 ** 31 - 1) throw new TypeError("a timeout is at most 24 days");
  return milliseconds;
}
