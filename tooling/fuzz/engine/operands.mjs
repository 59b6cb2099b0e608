/** @typedef {import("./random.mjs").Random} Random */

/**
 * The ways a value can stand in an input: as text, and a number as bytes.
 * @param {string | number} value
 * @returns {Uint8Array[]}
 */
function formsOf(value) {
  const text = new TextEncoder().encode(String(value));
  if (typeof value === "string" || !Number.isSafeInteger(value) || value < 0) return [text];
  const wide = new Uint8Array(8);
  new DataView(wide.buffer).setBigUint64(0, BigInt(value));
  return [1, 2, 4, 8].filter((width) => value < 2 ** (8 * width)).map((width) => wide.slice(8 - width));
}

/**
 * @param {Uint8Array} bytes
 * @param {Uint8Array} part
 * @param {number} from
 * @returns {number}
 */
function indexOf(bytes, part, from) {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(part, from);
  return at === -1 && from > 0 ? indexOf(bytes, part, 0) : at;
}

/**
 * Where one side of a comparison stands in the input, and what would make it the other side: what a parser waits for, it
 * has compared with.
 * @param {Uint8Array} bytes
 * @param {readonly (string | number)[]} pair
 * @param {Random} random
 * @returns {{ at: number, drop: number, insert: Uint8Array } | undefined}
 */
export function operandBytes(bytes, pair, random) {
  const [there, wanted] = random.below(2) === 0 ? [0, 1] : [1, 0];
  const before = formsOf(/** @type {string | number} */ (pair[there]));
  const after = formsOf(/** @type {string | number} */ (pair[wanted]));
  const form = random.below(before.length);
  const part = /** @type {Uint8Array} */ (before[form]);
  const insert = /** @type {Uint8Array} */ (after[Math.min(form, after.length - 1)]);
  const at = part.length === 0 ? random.below(bytes.length + 1) : indexOf(bytes, part, random.below(bytes.length));
  return at === -1 ? undefined : { at, drop: part.length, insert };
}
