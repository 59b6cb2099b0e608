import { crypto } from "#platform";
import { toHex } from "../bytes/hex.ts";
import { join } from "../bytes/join.ts";
import { pae, paeOf } from "../bytes/pae.ts";
import { utf8 } from "../bytes/text.ts";
import { fieldsOf, isDense, itemsOf, viewType } from "./content.ts";

/** Of arrays in objects in arrays: far beyond what people write, and well within what a call stack holds. */
const MOST_LEVELS = 500;

/**
 * A digest of values by content, the same in every process, in which values that differ in type or content never meet:
 * `1`, `"1"`, `1n`, `true`, `-0` and `0`, `undefined` and `null`, an array and a set of the same items are all apart.
 * Property order does not count; the order of arrays, maps and sets does. Fields put on a typed array do not count.
 * @returns 64 hexadecimal digits
 * @throws TypeError for what has no content to go by: functions, symbols, class instances, hidden fields, cycles, and what
 * is nested more than 500 deep
 */
export function digestValues(values: readonly unknown[]): string {
  return toHex(crypto.sha256(encode(values, new Set())));
}

function encode(value: unknown, within: Set<object>): Uint8Array {
  if (value === null) return pae("null");
  switch (typeof value) {
    case "undefined":
      return pae("undefined");
    case "boolean":
      return pae("boolean", String(value));
    case "number":
      return pae("number", Object.is(value, -0) ? "-0" : String(value));
    case "bigint":
      return pae("bigint", String(value));
    case "string":
      return pae("string", ...textPieces(value));
    case "object":
      return encodeWithin(value, within);
    default:
      throw new TypeError(`an argument of type ${typeof value} has no content to make a key of; give a "key" function`);
  }
}

/**
 * UTF-8 in one piece; or, for text with lone surrogates, which UTF-8 cannot tell apart, UTF-16 behind a mark. Two pieces
 * never meet one: were the two joined, other text could have the very bytes.
 */
function textPieces(text: string): (Uint8Array | string)[] {
  if (text.isWellFormed()) return [utf8(text)];
  const units = new DataView(new ArrayBuffer(2 * text.length));
  for (let i = 0; i < text.length; i++) units.setUint16(2 * i, text.charCodeAt(i));
  return ["utf-16", new Uint8Array(units.buffer)];
}

function encodeWithin(value: object, within: Set<object>): Uint8Array {
  if (within.has(value)) throw new TypeError('an argument contains itself; give a "key" function');
  if (within.size > MOST_LEVELS) {
    throw new TypeError(`an argument is nested more than ${MOST_LEVELS} deep; give a "key" function`);
  }
  within.add(value);
  try {
    return encodeObject(value, (part) => encode(part, within));
  } finally {
    within.delete(value);
  }
}

function encodeObject(value: object, inside: (part: unknown) => Uint8Array): Uint8Array {
  const all = (items: Iterable<unknown>): Uint8Array[] => Array.from(items, inside);
  if (Array.isArray(value)) return encodeArray(value, inside);
  if (ArrayBuffer.isView(value)) {
    return pae(viewType(value), new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  }
  const names = fieldsOf(value);
  if (value instanceof Map) return paeOf(["map", ...all([...value].flat(1))]);
  if (value instanceof Set) return paeOf(["set", ...all(value)]);
  if (value instanceof Date) return pae("date", String(value.getTime()));
  if (value instanceof RegExp) return pae("regexp", value.flags, String(value.lastIndex), ...textPieces(value.source));
  if (value instanceof URL) return pae("url", value.href);
  if (value instanceof ArrayBuffer) return pae("ArrayBuffer", new Uint8Array(value));
  const field = (name: string) => pae(...textPieces(name), inside((value as Record<string, unknown>)[name]));
  return join([pae("object", String(names.length)), ...names.sort().map(field)]);
}

/** A place without an item is apart from one that holds `undefined`. */
function encodeArray(array: readonly unknown[], inside: (part: unknown) => Uint8Array): Uint8Array {
  const places = itemsOf(array);
  if (isDense(array, places)) return paeOf(["array", ...array.map(inside)]);
  const items = places.flatMap((place) => [place, inside(array[Number(place)])]);
  return paeOf(["sparse", String(array.length), ...items]);
}
