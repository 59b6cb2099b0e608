/**
 * Order of the UTF-8 of two texts. It is the one of JavaScript, except that there what is written with surrogates comes
 * before U+E000.
 * @param {string} left
 * @param {string} right
 */
export function byUtf8(left, right) {
  const shorter = Math.min(left.length, right.length);
  for (let at = 0; at < shorter; at++) {
    const [a, b] = [left.charCodeAt(at), right.charCodeAt(at)];
    if (a !== b) return moved(a) - moved(b);
  }
  return left.length - right.length;
}

/** @param {number} unit */
function moved(unit) {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}

/**
 * Where the first key after this one stands.
 * @param {readonly string[]} sorted
 * @param {string} key
 */
export function placeAfter(sorted, key) {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (byUtf8(sorted[middle] ?? "", key) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}
