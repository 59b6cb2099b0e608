/** Runs that one finding is worth. */
const MOST_RUNS = 3000;

/**
 * A shorter and plainer input with the same fault: pieces are left out, then bytes become zeros, as long as it stays.
 * @param {Uint8Array} bytes
 * @param {(bytes: Uint8Array) => Promise<boolean>} isSame - whether an input has the fault
 */
export async function minimised(bytes, isSame) {
  let best = bytes;
  let runs = 0;
  /** @param {Uint8Array} candidate */
  const takes = async (candidate) => {
    if (++runs > MOST_RUNS || !(await isSame(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let length = best.length >> 1; length > 0; length >>= 1) {
    for (let at = 0; at < best.length; ) {
      const without = new Uint8Array([...best.subarray(0, at), ...best.subarray(at + length)]);
      if (!(await takes(without))) at += length;
    }
  }
  for (let at = 0; at < best.length; at++) {
    if (best[at] !== 0) await takes(best.map((byte, i) => (i === at ? 0 : byte)));
  }
  return best;
}
