/** @typedef {import("./random.mjs").Random} Random */

/**
 * The inputs that are worth changing: for each feature of a run the shortest input that showed it.
 */
export class Corpus {
  #random;
  /** @type {Map<number, Uint8Array>} */
  #owners = new Map();
  /** In the order in which they were first seen. @type {number[]} */
  #features = [];

  /** @param {Random} random */
  constructor(random) {
    this.#random = random;
  }

  /** How many features were seen. */
  get size() {
    return this.#features.length;
  }

  get features() {
    return this.#features;
  }

  /** Different inputs, the shortest first. */
  get inputs() {
    return [...new Set(this.#owners.values())].sort((a, b) => a.length - b.length);
  }

  /**
   * @param {Uint8Array} bytes
   * @param {readonly number[]} features - of its run
   * @returns {boolean} whether there was a new one among them
   */
  add(bytes, features) {
    let isNew = false;
    for (const feature of features) {
      const owner = this.#owners.get(feature);
      if (owner !== undefined && owner.length <= bytes.length) continue;
      if (owner === undefined) {
        this.#features.push(feature);
        isNew = true;
      }
      this.#owners.set(feature, bytes);
    }
    return isNew;
  }

  /** One to go on from. What was found lately leads further more often. */
  pick() {
    const { length } = this.#features;
    if (length === 0) return new Uint8Array(0);
    const lately = this.#random.below(2) === 0 ? Math.max(0, length - 64) : 0;
    const feature = /** @type {number} */ (this.#features[lately + this.#random.below(length - lately)]);
    return /** @type {Uint8Array} */ (this.#owners.get(feature));
  }

  /**
   * Few inputs that show together what all of them show.
   * @param {(bytes: Uint8Array) => Promise<readonly number[]>} featuresOf
   * @param {number} room - in bytes, for all
   */
  async distilled(featuresOf, room) {
    const seen = new Set();
    const kept = [];
    let left = room;
    for (const bytes of this.inputs) {
      const fresh = (await featuresOf(bytes)).filter((feature) => !seen.has(feature));
      if (fresh.length === 0 || bytes.length > left) continue;
      for (const feature of fresh) seen.add(feature);
      kept.push(bytes);
      left -= bytes.length;
    }
    return kept;
  }
}
