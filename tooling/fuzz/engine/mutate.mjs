import { operandBytes } from "./operands.mjs";

/** @typedef {import("./random.mjs").Random} Random */

/**
 * What mutations draw from.
 * @typedef {object} Sources
 * @property {Random} random
 * @property {readonly Uint8Array[]} dictionary - what the target's inputs are made of
 * @property {() => Uint8Array} other - another input that is known
 * @property {readonly (string | number)[][]} operands - what the last run compared
 * @property {number} most - longest input in bytes
 */

/** @typedef {(bytes: Uint8Array, sources: Sources) => Uint8Array} Mutation */

/** Numbers at which parsers are wrong by one. */
const EDGES = [0, 1, -1, 2, 15, 16, 17, 31, 32, 33, 64, 127, 128, 255, 256, 4096, 4097, 16_383, 16_384, 32_768, 65_535];
const WIDE = [
  0n,
  1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 52n - 1n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
];

/** @param {Uint8Array} bytes @param {number} at @param {number} drop @param {Uint8Array} insert */
function spliced(bytes, at, drop, insert) {
  const out = new Uint8Array(bytes.length - drop + insert.length);
  out.set(bytes.subarray(0, at));
  out.set(insert, at);
  out.set(bytes.subarray(at + drop), at + insert.length);
  return out;
}

/** A place and a length in it, short ones more often. @param {Uint8Array} bytes @param {Random} random */
function piece(bytes, random) {
  const at = random.below(bytes.length);
  const length = 1 + random.below(Math.min(bytes.length - at, random.of([1, 2, 4, 16, 64, 1024])));
  return { at, length };
}

/** @type {Mutation} */
function number(bytes, { random }) {
  const width = random.of([1, 2, 4, 8]);
  if (bytes.length < width) return bytes;
  const out = bytes.slice();
  const view = new DataView(out.buffer);
  const at = random.below(bytes.length - width + 1);
  const little = random.below(4) === 0;
  const step = random.below(35) - 17;
  const [edge, isEdge] = [random.of(EDGES), random.below(2) === 0];
  if (width === 1) view.setUint8(at, isEdge ? edge : view.getUint8(at) + step);
  if (width === 2) view.setUint16(at, isEdge ? edge : view.getUint16(at, little) + step, little);
  if (width === 4) view.setUint32(at, isEdge ? edge : view.getUint32(at, little) + step, little);
  if (width === 8)
    view.setBigUint64(at, isEdge ? random.of(WIDE) : view.getBigUint64(at, little) + BigInt(step), little);
  return out;
}

/** The digits of a number in text. @type {Mutation} */
function digits(bytes, { random }) {
  const places = [...bytes.keys()].filter((at) => isDigit(bytes[at]) && !isDigit(bytes[at - 1]));
  if (places.length === 0) return bytes;
  const at = random.of(places);
  let end = at;
  while (isDigit(bytes[end])) end++;
  const value = String(random.below(2) === 0 ? random.of(EDGES) : random.of(WIDE));
  return spliced(bytes, at, end - at, new TextEncoder().encode(value));
}

const isDigit = (/** @type {number | undefined} */ byte) => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** @type {readonly Mutation[]} */
const MUTATIONS = [
  (bytes, { random }) => {
    const out = bytes.slice();
    const at = random.below(out.length);
    out[at] = /** @type {number} */ (out[at]) ^ (1 << random.below(8));
    return out;
  },
  (bytes, { random }) => {
    const out = bytes.slice();
    out[random.below(out.length)] = random.below(256);
    return out;
  },
  number,
  digits,
  (bytes, { random }) => {
    const { at, length } = piece(bytes, random);
    return spliced(bytes, at, length, new Uint8Array(0));
  },
  (bytes, { random }) => {
    const { at, length } = piece(bytes, random);
    return spliced(bytes, random.below(bytes.length + 1), 0, bytes.slice(at, at + length));
  },
  (bytes, { random }) => {
    const fresh = Uint8Array.from({ length: 1 + random.below(8) }, () => random.below(256));
    return spliced(bytes, random.below(bytes.length + 1), 0, fresh);
  },
  (bytes, { random }) => bytes.slice(0, random.below(bytes.length + 1)),
  (bytes, { random, other }) => {
    const [second, at] = [other(), random.below(bytes.length + 1)];
    return spliced(bytes.subarray(0, at), at, 0, second.subarray(random.below(second.length + 1)));
  },
  (bytes, { random, other }) => {
    const second = other();
    if (second.length === 0) return bytes;
    const { at, length } = piece(second, random);
    const to = random.below(bytes.length);
    return spliced(bytes, to, Math.min(length, bytes.length - to), second.slice(at, at + length));
  },
  (bytes, { random, dictionary }) => {
    if (dictionary.length === 0) return bytes;
    const [word, at] = [random.of(dictionary), random.below(bytes.length + 1)];
    return spliced(bytes, at, random.below(2) * Math.min(word.length, bytes.length - at), word);
  },
  (bytes, { random, operands }) => {
    const pair = operands[random.below(operands.length)];
    const found = pair && operandBytes(bytes, pair, random);
    return found === undefined ? bytes : spliced(bytes, found.at, found.drop, found.insert);
  },
];

/**
 * An input somewhat different from another: one change, or several at once.
 * @param {Uint8Array} bytes
 * @param {Sources} sources
 */
export function mutated(bytes, sources) {
  const { random, most } = sources;
  let out = bytes;
  for (let left = 1 + random.below(random.of([1, 1, 2, 4, 8])); left > 0; left--) {
    out = out.length === 0 ? Uint8Array.of(random.below(256)) : random.of(MUTATIONS)(out, sources);
  }
  return out.length > most ? out.slice(0, most) : out;
}
