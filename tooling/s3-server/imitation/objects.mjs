import { createHash } from "node:crypto";
import { Failure } from "./failure.mjs";
import { byUtf8 } from "./order.mjs";

/**
 * @typedef {object} Stored
 * @property {Buffer} content
 * @property {string} etag - without quotes
 * @property {number} modified - milliseconds since 1970 UTC
 */

/**
 * Conditions of a change: `ifNoneMatch` is `*`, `ifMatch` an ETag.
 * @typedef {{ ifNoneMatch?: string | undefined, ifMatch?: string | undefined }} Conditions
 */

/** The objects of one bucket. Nothing in here waits, so what one call looks at and changes is one step for all others. */
export class Objects {
  /** @type {Map<string, Stored>} */
  #stored = new Map();
  /** @type {string[] | undefined} */
  #sorted;

  /** @param {string} key */
  find(key) {
    const found = this.#stored.get(key);
    if (found === undefined) throw new Failure("NoSuchKey");
    return found;
  }

  /**
   * @param {string} key
   * @param {Buffer} content
   * @param {Conditions} conditions
   * @param {string} [etag]
   */
  put(key, content, conditions, etag = etagOf(content)) {
    this.checkConditions(key, conditions);
    if (!this.#stored.has(key)) this.#sorted = undefined;
    const stored = { content, etag, modified: Date.now() };
    this.#stored.set(key, stored);
    return stored;
  }

  /**
   * @param {string} key
   * @param {Conditions} conditions
   */
  delete(key, conditions) {
    this.checkConditions(key, conditions);
    if (this.#stored.delete(key)) this.#sorted = undefined;
  }

  /**
   * @param {string} key
   * @param {Conditions} conditions
   */
  checkConditions(key, { ifNoneMatch, ifMatch }) {
    if (ifNoneMatch !== undefined && ifNoneMatch !== "*") throw new Failure("NotImplemented");
    if (ifNoneMatch !== undefined && this.#stored.has(key)) throw new Failure("PreconditionFailed");
    if (ifMatch !== undefined) checkMatch(this.find(key), ifMatch);
  }

  /** Every key, in the order of its UTF-8. */
  keys() {
    this.#sorted ??= [...this.#stored.keys()].sort(byUtf8);
    return this.#sorted;
  }
}

/**
 * @param {Stored} stored
 * @param {string | undefined} ifMatch
 */
export function checkMatch(stored, ifMatch) {
  if (ifMatch === undefined || ifMatch === "*" || ifMatch.replaceAll('"', "") === stored.etag) return;
  throw new Failure("PreconditionFailed");
}

/** @param {Buffer} content */
export function etagOf(content) {
  return createHash("md5").update(content).digest("hex");
}
