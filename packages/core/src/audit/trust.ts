import { toHex } from "../bytes/hex.ts";
import { type AuditKey, holds } from "./chain.ts";
import type { AuditLine } from "./line.ts";

/** Which lines a writer goes on from. */
export class Trust {
  /** What it writes with. */
  readonly key: AuditKey | undefined;
  readonly #keys: ReadonlyMap<string, AuditKey>;

  constructor(key: AuditKey | undefined, otherKeys: readonly AuditKey[]) {
    this.key = key;
    this.#keys = new Map((key === undefined ? [] : [key, ...otherKeys]).map((each) => [toHex(each.id), each]));
  }

  /** What it says is then signed again, so that a line that anybody can have made would speak for the log. */
  believes(line: AuditLine): boolean {
    // Without a key nobody can tell who made a line, and those by a key are no worse than others.
    if (this.key === undefined) return line.key !== undefined || holds(undefined, line);
    const key = line.key === undefined ? undefined : this.#keys.get(line.key);
    return key !== undefined && holds(key, line);
  }
}
