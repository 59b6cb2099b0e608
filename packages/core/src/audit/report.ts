/** A place where an audit log is not what was written. */
export interface AuditProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** So many lines, one after the other, have it. */
  readonly lines: number;
  /**
   * - `unreadable`: no line of a log.
   * - `edited`: its hash is another, or is not what the next line says of it.
   * - `removed`: lines before it are missing, or it was moved.
   * - `gap`: lines before it in its run are missing, though no others: they could not be written, or the end of the log was cut
   *   off while the run went on.
   * - `unkeyed`: chained without a key, though keys were given: anybody can have made it.
   * - `unknown-key`: by a key that is revoked or unknown, or no keys were given.
   * - `cut`: after it, or instead of it, the remembered head is missing.
   */
  readonly what: "unreadable" | "edited" | "removed" | "gap" | "unkeyed" | "unknown-key" | "cut";
  /** For `unknown-key`, its id in hexadecimal. */
  readonly keyId?: string | undefined;
}

/** What verification of an audit log found. */
export interface AuditReport {
  readonly files: number;
  readonly lines: number;
  /** Processes, or logs within a process, that wrote. */
  readonly runs: number;
  /** Runs that did not say that they ended: they still write, were killed, or their end was cut off. */
  readonly open: number;
  /** Ids in hexadecimal of the keys under which lines held. Empty: none had a key, and whoever edits the log can make it anew. */
  readonly keyIds: readonly string[];
  /**
   * Lines before the first one that the log itself dropped with its oldest files, as lines say that are believed. Any other that is
   * missing is a problem.
   */
  readonly rotatedAway: number;
  /** The last line, as `<number>-<64 hex>`: to be remembered elsewhere and given as `expectHead`. */
  readonly head: string | undefined;
  /**
   * Whether lines were cut off at the end, which a log by itself cannot show.
   * - `unproven`: no head was given. A cut that no running process wrote after is not seen.
   * - `proven`: the given head is here. When there are no problems either, every line up to it is what it was then, whether by a
   *   key or not.
   * - `rotated-away`: the given head is older than the first line, and the log dropped it. Without a key anybody can have it say so.
   * - `cut`: the given head is missing; that is a problem, too.
   */
  readonly end: "unproven" | "proven" | "rotated-away" | "cut";
  /** At most a thousand of each kind. */
  readonly problems: readonly AuditProblem[];
}
