import { resolve } from "node:path";
import { checkOptions } from "../adapter/check-options.ts";
import type { EventLevel, EventListener } from "../cache/events.ts";
import { parseSize, type Size } from "../units/size.ts";
import type { AuditKey } from "./chain.ts";
import { Run } from "./run.ts";
import { Trust } from "./trust.ts";

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
   * The other keys that lines of this log may be by: of a keyring, those of its `masters` that are not `key`, older and newer ones.
   * With a key a writer goes on from the last line by one of these or by its own, and takes no other line's word for anything.
   * @defaultValue none
   */
  readonly otherKeys?: readonly AuditKey[] | undefined;
  /**
   * A file longer than this is put aside, and another one begun.
   * @defaultValue 16 MiB
   */
  readonly maxBytes?: Size | undefined;
  /**
   * How many files that were put aside are kept, at most 1000.
   * @defaultValue 8
   */
  readonly keep?: number | undefined;
  /** Called when a line could not be written, with a `CacheError`. What is lost shows as a gap. Whatever it throws is ignored. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** An open audit log. */
export interface AuditLog {
  /** To be given to caches as `onEvent`. Never throws. */
  readonly listener: EventListener;
  /**
   * The last line that this log wrote, as `<number>-<64 hex>`. Remembered where whoever writes to the file does not, it lets
   * `verifyAuditLog` find that the end of the log was cut off.
   */
  readonly head: string;
  /** Writes that the log ended here; a run without that was killed. */
  close(): void;
}

const LEVELS: readonly EventLevel[] = ["info", "warning", "security"];
const MOST_KEPT = 1000;

/**
 * Keeps what caches meet in a file, a line of JSON each: time, event, level, namespace, id, code, process and user, and a hash
 * over the line and the one before it, so that `verifyAuditLog` finds what was edited, removed or put in another order. Any
 * number of processes write to one file, one after the other by a lock beside it. Lines are written at once.
 * @throws CacheError `ERR_CACHE_UNSAFE_PATH` for what others could have prepared and what is no file, `ERR_CACHE_STORE` when
 * the first line cannot be written, `ERR_CACHE_LIMIT` behind a line with the last number there is, which only somebody who edits
 * a log writes
 * @throws TypeError for options that make no sense
 */
export function auditLog(path: string, options: AuditLogOptions = {}): AuditLog {
  checkOptions("auditLog", options, ["level", "key", "otherKeys", "maxBytes", "keep", "onError"]);
  const { level = "warning", keep = 8, onError } = options;
  if (!LEVELS.includes(level)) throw new TypeError(`a level is one of ${LEVELS.join(", ")}`);
  if (!Number.isSafeInteger(keep) || keep < 1 || keep > MOST_KEPT)
    throw new TypeError(`keep is a whole number from 1 to ${MOST_KEPT}`);
  const limits = { keep, maxBytes: parseSize(options.maxBytes ?? 16_777_216) };
  const run = new Run({ path: resolve(path), limits, trust: trustOf(options) }, onError);
  return {
    listener: (event) => {
      if (LEVELS.indexOf(event.level) >= LEVELS.indexOf(level)) run.write(event);
    },
    get head() {
      return run.head;
    },
    close: () => run.write({ type: "closed", time: Date.now() }),
  };
}

function trustOf({ key, otherKeys = [] }: AuditLogOptions): Trust {
  if (!Array.isArray(otherKeys)) throw new TypeError("otherKeys is an array of keys");
  for (const each of key === undefined ? otherKeys : [key, ...otherKeys])
    if (!((each as Partial<AuditKey> | null)?.id instanceof Uint8Array)) throw new TypeError("a key is a MasterKey");
  if (key === undefined && otherKeys.length > 0)
    throw new TypeError("otherKeys need a key: a log without one believes every line");
  return new Trust(key, otherKeys);
}
