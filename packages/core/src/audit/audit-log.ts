import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { checkOptions } from "../adapter/check-options.ts";
import type { CacheEvent, EventLevel, EventListener } from "../cache/events.ts";
import { parseSize, type Size } from "../units/size.ts";
import { type AuditKey, chained, parseLine, START } from "./chain.ts";
import { append, lastLine, rotate, withLog } from "./files.ts";

/** How an audit log is kept. */
export interface AuditLogOptions {
  /**
   * The least that is written: `info` is every hit and miss.
   * @defaultValue "warning"
   */
  readonly level?: EventLevel | undefined;
  /** Chains with HMAC-SHA-256 under this key. Left out: with SHA-256, which whoever edits the file can do as well. */
  readonly key?: AuditKey | undefined;
  /**
   * A file longer than this is put aside, and another one begun.
   * @defaultValue 16 MiB
   */
  readonly maxBytes?: Size | undefined;
  /**
   * How many files that were put aside are kept.
   * @defaultValue 8
   */
  readonly keep?: number | undefined;
  /** Called when a line could not be written, with the cause. What is lost shows as a gap in the chain. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** An open audit log. */
export interface AuditLog {
  /** To be given to caches as `onEvent`. */
  readonly listener: EventListener;
  /** Writes that the log ended here; a run without that was killed. */
  close(): void;
}

const LEVELS: readonly EventLevel[] = ["info", "warning", "security"];

/**
 * Keeps what caches meet in a file, a line of JSON each: time, event, level, namespace, id, key, process and user, and a
 * hash over the line and the one before it, so that `verifyAuditLog` finds what was edited, removed or put in another
 * order. Any number of processes write to one file; each has a chain of its own. Lines are written at once.
 * @throws CacheError `ERR_CACHE_UNSAFE_PATH`
 * @throws TypeError for options that make no sense
 */
export function auditLog(path: string, options: AuditLogOptions = {}): AuditLog {
  checkOptions("auditLog", options, ["level", "key", "maxBytes", "keep", "onError"]);
  const { level = "warning", keep = 8 } = options;
  if (!LEVELS.includes(level)) throw new TypeError(`a level is one of ${LEVELS.join(", ")}`);
  if (!Number.isSafeInteger(keep) || keep < 1) throw new TypeError("keep is a whole number above zero");
  const run = new Run(resolve(path), { ...options, keep, maxBytes: parseSize(options.maxBytes ?? 16_777_216) });
  run.open();
  return {
    listener: (event) => {
      if (LEVELS.indexOf(event.level) >= LEVELS.indexOf(level)) run.write(event);
    },
    close: () => run.write({ type: "closed", time: Date.now() }),
  };
}

/** The chain of one process. */
class Run {
  readonly #path: string;
  readonly #options: AuditLogOptions & { readonly maxBytes: number; readonly keep: number };
  readonly #log = randomBytes(8).toString("hex");
  #n = 0;
  #chain = START;
  #closed = false;

  constructor(path: string, options: AuditLogOptions & { readonly maxBytes: number; readonly keep: number }) {
    this.#path = path;
    this.#options = options;
  }

  /** Says after which line it begins, so that the end of an earlier run cannot be cut off. */
  open(): void {
    withLog(this.#path, (fd, length) => {
      const after = parseLine(lastLine(fd, length) ?? "")?.chain;
      append(fd, this.#next({ type: "opened", time: Date.now(), after }));
    });
  }

  write(event: CacheEvent | { readonly type: "closed"; readonly time: number }): void {
    if (this.#closed) return;
    this.#closed = event.type === "closed";
    // The chain goes on whether the line can be written or not: one that is lost is a gap that verification finds.
    const line = this.#next(event);
    try {
      const isFull = withLog(this.#path, (fd, length) => {
        append(fd, line);
        return length > this.#options.maxBytes;
      });
      if (isFull) rotate(this.#path, this.#options.keep);
    } catch (error) {
      this.#options.onError?.(error);
    }
  }

  #next(event: object): string {
    const who = { pid: process.pid, user: process.geteuid?.() };
    const at = { log: this.#log, n: this.#n, before: this.#chain };
    const { line, chain } = chained(this.#options.key, { ...at, ...event, ...who });
    this.#n += 1;
    this.#chain = chain;
    return line;
  }
}
