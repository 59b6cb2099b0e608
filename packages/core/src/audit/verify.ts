import { createReadStream, existsSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { CacheError } from "../errors.ts";
import { type AuditKey, holds, parseLine, START } from "./chain.ts";
import { rotatedFiles } from "./files.ts";

/** A place where an audit log is not what was written. */
export interface AuditProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /**
   * `unreadable`: no line of a log. `edited`: its hash is another. `removed`: lines before it in its run are missing, or it was
   * moved. `cut`: the line that it was begun after is missing.
   */
  readonly what: "unreadable" | "edited" | "removed" | "cut";
}

/** What verification of an audit log found. */
export interface AuditReport {
  readonly files: number;
  readonly lines: number;
  /** Processes, or logs within a process, that wrote. */
  readonly runs: number;
  /** Runs that did not say that they ended: they still write, were killed, or their end was cut off. */
  readonly open: number;
  /** The first lines belong to something before them: older files were removed, by rotation or otherwise. */
  readonly beginsLate: boolean;
  /** At most a thousand. */
  readonly problems: readonly AuditProblem[];
}

const MOST_PROBLEMS = 1000;
/** Lines that a run may have been begun after: the last of the file at that moment. */
const REMEMBERED = 65_536;

/**
 * Reads an audit log with all its rotated files, from the oldest line to the newest.
 * @param options - `key` is that of the log; with another one, or none, every line counts as edited
 * @throws CacheError `ERR_CACHE_STORE` when a file cannot be read
 */
export async function verifyAuditLog(
  path: string,
  options: { readonly key?: AuditKey | undefined } = {},
): Promise<AuditReport> {
  const verification = new Verification(options.key);
  const last = resolve(path);
  try {
    const files = [...rotatedFiles(last), ...(existsSync(last) ? [last] : [])];
    if (files.length === 0) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
    for (const file of files) await verification.read(file);
  } catch (cause) {
    throw new CacheError("ERR_CACHE_STORE", "the audit log cannot be read", { cause });
  }
  return verification.report();
}

interface Run {
  n: number;
  chain: string;
  closed: boolean;
}

class Verification {
  readonly #key: AuditKey | undefined;
  readonly #runs = new Map<string, Run>();
  readonly #recent = new Set<string>();
  readonly #problems: AuditProblem[] = [];
  #files = 0;
  #lines = 0;
  #beginsLate = false;

  constructor(key: AuditKey | undefined) {
    this.#key = key;
  }

  async read(file: string): Promise<void> {
    this.#files += 1;
    let line = 0;
    for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
      line += 1;
      this.#lines += 1;
      const what = this.#check(text);
      if (what !== undefined && this.#problems.length < MOST_PROBLEMS) this.#problems.push({ file, line, what });
    }
  }

  report(): AuditReport {
    const open = [...this.#runs.values()].filter(({ closed }) => !closed).length;
    const [files, lines, runs] = [this.#files, this.#lines, this.#runs.size];
    return { files, lines, runs, open, beginsLate: this.#beginsLate, problems: this.#problems };
  }

  #check(line: string): AuditProblem["what"] | undefined {
    const parsed = parseLine(line);
    const fields = parsed && fieldsOf(parsed.text);
    if (parsed === undefined || fields === undefined) return "unreadable";
    const { log, n, before, type, after } = fields;
    const run = this.#runs.get(log);
    const isKnown = after === undefined || this.#recent.has(after);
    this.#runs.set(log, { n, chain: parsed.chain, closed: type === "closed" });
    this.#remember(parsed.chain);
    if (!holds(this.#key, parsed)) return "edited";
    // In the oldest file a run may have begun, or have been begun after a line, in one that is gone.
    const isLate = this.#files === 1 && run === undefined && n > 0;
    if (isLate || (!isKnown && this.#lines === 1)) {
      this.#beginsLate = true;
      return undefined;
    }
    if (run === undefined ? n !== 0 || before !== START : n !== run.n + 1 || before !== run.chain) return "removed";
    return isKnown ? undefined : "cut";
  }

  #remember(chain: string): void {
    this.#recent.add(chain);
    if (this.#recent.size > REMEMBERED) this.#recent.delete(this.#recent.values().next().value as string);
  }
}

interface Fields {
  readonly log: string;
  readonly n: number;
  readonly before: string;
  readonly type: unknown;
  readonly after: string | undefined;
}

function fieldsOf(text: string): Fields | undefined {
  try {
    const { log, n, before, type, after } = JSON.parse(text) as Record<string, unknown>;
    if (typeof log !== "string" || typeof before !== "string" || !Number.isSafeInteger(n)) return undefined;
    const opened = type === "opened" && typeof after === "string" ? after : undefined;
    return { log, n: n as number, before, type, after: opened };
  } catch {
    return undefined;
  }
}
