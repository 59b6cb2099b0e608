import { kindOf, shortId } from "../cache/names.ts";
import type { Settings } from "../cache/options.ts";
import { setAside } from "../cache/set-aside.ts";
import { mayQuarantine, refusalOf } from "../cache/verdicts.ts";
import type { CacheError, CacheErrorCode } from "../errors.ts";
import type { CallOptions, Kind, Name } from "../ports/store.ts";

/** A stored thing that does not hold. */
export interface Problem {
  /** The first 16 digits of its stored name. */
  readonly id: string;
  readonly kind: Kind;
  readonly code: CacheErrorCode;
}

/** What verification found. */
export interface VerifyReport {
  /** Entries and content that hold. */
  readonly ok: number;
  /** Not what their writer left; set aside where the medium can. */
  readonly damaged: number;
  /** Entries past their time. */
  readonly expired: number;
  /** Entries whose content is gone: a read of them is a miss. */
  readonly missing: number;
  /**
   * Sealed or signed under keys this process does not have or has revoked, or sealed where nothing is, or the reverse, or
   * in the format of a later version; left as they are.
   */
  readonly foreign: number;
  /**
   * Sealed by our keys, but nothing tells what: notes of things that are gone, things whose note is, and content that no
   * sound entry names. It cannot be verified, and until it is collected a read may still find it.
   */
  readonly orphaned: number;
  /** Stored bytes looked at. */
  readonly bytes: number;
  /** What is damaged or foreign; at most a thousand are listed, all are counted. */
  readonly problems: readonly Problem[];
}

/** What is wrong with something that the thing looked at depends on, and that was dealt with where it lies. */
export interface Elsewhere {
  readonly name: Name;
  readonly refusal: CacheError;
}

/** Whether a thing holds; `undefined` when it is gone by now. Throws what is wrong with the thing itself. */
export type Look = () => Promise<"ok" | "missing" | Elsewhere | undefined>;

const MAX_PROBLEMS = 1000;

/** Adds up what checks find. */
export class Tally {
  bytes = 0;
  readonly #counts = { ok: 0, damaged: 0, expired: 0, missing: 0, foreign: 0, orphaned: 0 };
  readonly #problems: Problem[] = [];
  readonly #refused = new Set<Name>();

  /** Whether something of this name did not hold; it may be gone by now. */
  wasRefused(name: Name): boolean {
    return this.#refused.has(name);
  }

  /** Runs one check; damage is set aside unless a second look finds it healed. */
  async check(settings: Settings, name: Name, look: Look, options: CallOptions): Promise<void> {
    try {
      this.#count(await look());
    } catch (error) {
      const refusal = refusalOf(error);
      const healed = await setAside(settings, name, refusal, look, options);
      if (healed === undefined) this.#file(name, refusal);
      else this.#count(healed);
    }
  }

  #count(found: Awaited<ReturnType<Look>>): void {
    if (found === undefined) return;
    if (typeof found === "string") this.#counts[found] += 1;
    else this.#file(found.name, found.refusal);
  }

  /** Counts what is not ours to judge. */
  foreign(name: Name, code: CacheErrorCode): void {
    this.#counts.foreign += 1;
    this.#list(name, code);
  }

  orphaned(): void {
    this.#counts.orphaned += 1;
  }

  #file(name: Name, refusal: CacheError): void {
    if (refusal.code === "ERR_CACHE_EXPIRED") {
      this.#counts.expired += 1;
      return;
    }
    this.#counts[mayQuarantine(refusal) ? "damaged" : "foreign"] += 1;
    this.#list(name, refusal.code);
  }

  #list(name: Name, code: CacheErrorCode): void {
    this.#refused.add(name);
    const kind = kindOf(name);
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push({ id: shortId(name), kind, code });
  }

  report(): VerifyReport {
    return { ...this.#counts, bytes: this.bytes, problems: this.#problems };
  }
}
