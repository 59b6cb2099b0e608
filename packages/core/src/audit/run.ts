import { randomBytes } from "node:crypto";
import { notify } from "../adapter/notify.ts";
import { storeError } from "../adapter/store-error.ts";
import { toHex } from "../bytes/hex.ts";
import type { CacheEvent } from "../cache/events.ts";
import { chained, linkOf } from "./chain.ts";
import { LogEnd, type Place } from "./end.ts";
import { headOf } from "./line.ts";
import { Lock } from "./lock.ts";

/** What one process, or one log within it, writes. */
export class Run {
  readonly #place: Place;
  readonly #onError: ((error: unknown) => void) | undefined;
  readonly #run = randomBytes(8).toString("hex");
  #n = 0;
  #prior: number | undefined;
  #head = "";
  #closed = false;

  /** @throws CacheError when the first line cannot be written */
  constructor(place: Place, onError: ((error: unknown) => void) | undefined) {
    this.#place = place;
    this.#onError = onError;
    this.#put({ type: "opened", time: Date.now() });
  }

  get head(): string {
    return this.#head;
  }

  write(event: CacheEvent | { readonly type: "closed"; readonly time: number }): void {
    if (this.#closed) return;
    this.#closed = event.type === "closed";
    try {
      this.#put(event);
    } catch (error) {
      notify(this.#onError, error);
    }
  }

  #put(event: object): void {
    // Counted whether the line can be written or not: one that is lost is a gap that verification finds.
    const n = this.#n;
    this.#n += 1;
    try {
      while (!this.#tryToPut(event, n));
    } catch (error) {
      throw storeError("writing the audit log", error);
    }
  }

  /** Whether this process was not taken for dead meanwhile. */
  #tryToPut(event: object, n: number): boolean {
    const lock = Lock.take(`${this.#place.path}.lock`);
    try {
      return LogEnd.at(this.#place, (end) => {
        const line = chained(this.#place.trust.key, { ...event, ...this.#placeAt(end, n) });
        if (!lock.isHeld()) return false;
        end.append(line);
        this.#prior = end.seq;
        this.#head = headOf({ seq: end.seq, link: linkOf(line) });
        end.dropOld();
        return true;
      });
    } finally {
      lock.release();
    }
  }

  #placeAt({ seq, files, before }: LogEnd, n: number): object {
    const who = { pid: process.pid, user: process.geteuid?.() };
    const { key: own } = this.#place.trust;
    const key = own && toHex(own.id);
    return { ...who, seq, run: this.#run, n, prior: this.#prior, key, files, before };
  }
}
