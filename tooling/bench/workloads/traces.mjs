/** Numbers that look random and are the same in every run. @param {number} seed */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

/**
 * Draws keys by Zipf's law: the k-th is asked for in proportion to k to the power of -0.99.
 * @param {number} keys
 * @param {() => number} draw
 */
function zipf(keys, draw) {
  const sums = new Float64Array(keys);
  let sum = 0;
  for (let at = 0; at < keys; at++) {
    sum += (at + 1) ** -0.99;
    sums[at] = sum;
  }
  return () => {
    const wanted = draw() * sum;
    let [low, high] = [0, keys - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (/** @type {number} */ (sums[middle]) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** How many calls it takes until other keys are the popular ones: each goes one place further. */
const CALLS_A_STEP = 25;

/**
 * Which keys are asked for, in order, by what the programs are like that ask.
 * @type {Readonly<Record<string, (keys: number, length: number) => number[]>>}
 */
export const TRACES = {
  zipf(keys, length) {
    const next = zipf(keys, random(1));
    return Array.from({ length }, next);
  },
  "zipf and one-time scans"(keys, length) {
    const [draw, next] = [random(2), zipf(keys, random(3))];
    let fresh = keys;
    return Array.from({ length }, () => (draw() < 0.5 ? next() : fresh++));
  },
  "zipf and a loop"(keys, length) {
    const [draw, next] = [random(4), zipf(keys, random(5))];
    let at = 0;
    return Array.from({ length }, () => (draw() < 0.5 ? next() : keys + (at++ % keys)));
  },
  "zipf, drifting"(keys, length) {
    const next = zipf(keys, random(6));
    return Array.from({ length }, (_, at) => (next() + Math.floor(at / CALLS_A_STEP)) % keys);
  },
};
