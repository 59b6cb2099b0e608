/** More blocks, and more comparisons, than all packages together have. */
const MOST = 65_536;
/** Operands that are remembered of one run. */
const OPERANDS = 64;

/** How close two numbers are: 1 far, 34 the same. */
const closeness = (/** @type {number} */ a, /** @type {number} */ b) =>
  a === b
    ? 34
    : 1 + (Number.isInteger(a) && Number.isInteger(b) ? Math.clz32(Math.min(0xffffffff, Math.abs(a - b))) : 0);

/** @param {string} a @param {string} b */
function commonPrefix(a, b) {
  const most = Math.min(a.length, b.length, 32);
  let at = 0;
  while (at < most && a[at] === b[at]) at++;
  return 1 + at + (a.length === b.length ? 1 : 0);
}

/** What instrumented modules tell of a run: which blocks ran and how often, what was compared, what room was taken. */
class Probe {
  #blocks = new Uint8Array(MOST);
  #used = 0;
  /** How close the operands of each comparison came. */
  #close = new Uint8Array(MOST);
  #compared = 0;
  /** @type {(string | number)[][]} */
  #operands = [];
  #room = 0;

  /** How many blocks there are in what was loaded. */
  get blocks() {
    return this.#used;
  }

  /** The bytes that were asked for in one run. */
  get room() {
    return this.#room;
  }

  /** Pairs that were compared and differ. */
  get operands() {
    return this.#operands;
  }

  /**
   * @param {number} blocks
   * @param {number} comparisons
   */
  module(blocks, comparisons) {
    const hit = this.#blocks.subarray(this.#used, this.#used + blocks);
    const first = this.#compared;
    this.#used += blocks;
    this.#compared += comparisons;
    /** @param {number} id @param {any} a @param {any} b */
    const look = (id, a, b) => this.#look(first + id, a, b);
    return {
      hit,
      /** @param {number} id @param {unknown} a @param {unknown} b */
      equal: (id, a, b) => {
        look(id, a, b);
        return a === b;
      },
      /** @param {number} id @param {any} a @param {any} b @param {string} order */
      less: (id, a, b, order) => {
        look(id, a, b);
        return compare(a, b, order);
      },
      /** @param {unknown} size */
      size: (size) => {
        if (typeof size === "number" && size > 0) this.#room += size;
        return size;
      },
    };
  }

  /** @param {number} id @param {unknown} a @param {unknown} b */
  #look(id, a, b) {
    const isNumber = typeof a === "number" && typeof b === "number";
    if (!isNumber && (typeof a !== "string" || typeof b !== "string")) return;
    const close = isNumber
      ? closeness(/** @type {number} */ (a), b)
      : commonPrefix(/** @type {string} */ (a), /** @type {string} */ (b));
    if (close > /** @type {number} */ (this.#close[id])) this.#close[id] = close;
    if (a !== b && this.#operands.length < OPERANDS)
      this.#operands.push([/** @type {string | number} */ (a), /** @type {string | number} */ (b)]);
  }

  /** Before a run. */
  reset() {
    this.#blocks.fill(0, 0, this.#used);
    this.#close.fill(0, 0, this.#compared);
    this.#operands.length = 0;
    this.#room = 0;
  }

  /**
   * What a run showed, as numbers: a block with how often it ran, to the power of two, and a comparison with how close it came.
   * @param {(feature: number) => void} tell
   */
  features(tell) {
    for (let id = 0; id < this.#used; id++) {
      const count = /** @type {number} */ (this.#blocks[id]);
      if (count > 0) tell(id * 64 + 32 - Math.clz32(count));
    }
    for (let id = 0; id < this.#compared; id++) {
      const close = /** @type {number} */ (this.#close[id]);
      if (close > 0) tell((MOST + id) * 64 + close);
    }
  }

  /** @param {number} feature */
  isBlock(feature) {
    return feature < MOST * 64;
  }
}

/** @param {any} a @param {any} b @param {string} order */
function compare(a, b, order) {
  if (order === "<") return a < b;
  if (order === "<=") return a <= b;
  return order === ">" ? a > b : a >= b;
}

export const probe = new Probe();
