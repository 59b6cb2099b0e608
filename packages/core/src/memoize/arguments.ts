import { crypto } from "#platform";
import { toHex } from "../bytes/hex.ts";
import { concat } from "../bytes/join.ts";
import { pae } from "../bytes/pae.ts";
import { utf8 } from "../bytes/text.ts";

/**
 * A digest of values by content, the same in every process, in which values that differ in type or content never meet:
 * `1`, `"1"`, `1n`, `true`, `-0` and `0`, `undefined` and `null`, an array and a set of the same items are all apart.
 * Property order does not count; the order of arrays, maps and sets does.
 * @returns 64 hexadecimal digits
 * @throws TypeError for what has no content to go by: functions, symbols, class instances, cycles
 */
export function digestValues(values: readonly unknown[]): string {
  return toHex(crypto.sha256(encode(values, [])));
}

type Holders = readonly object[];

function encode(value: unknown, within: Holders): Uint8Array {
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
      return encodeObject(value, within);
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

function encodeObject(value: object, within: Holders): Uint8Array {
  if (within.includes(value)) throw new TypeError('an argument contains itself; give a "key" function');
  requireNothingHidden(value);
  const inside = [...within, value];
  const all = (items: Iterable<unknown>): Uint8Array[] => Array.from(items, (item) => encode(item, inside));
  if (Array.isArray(value)) return pae("array", ...all(value));
  if (value instanceof Map) return pae("map", ...all([...value].flat(1)));
  if (value instanceof Set) return pae("set", ...all(value));
  if (value instanceof Date) return pae("date", String(value.getTime()));
  if (value instanceof RegExp) return pae("regexp", ...textPieces(value.source), value.flags);
  if (value instanceof URL) return pae("url", value.href);
  if (value instanceof ArrayBuffer) return pae("ArrayBuffer", new Uint8Array(value));
  if (ArrayBuffer.isView(value)) return encodeView(value);
  return encodeFields(value, inside);
}

/** Refuses what would not show in the digest, so that two values that differ in it do not meet. */
function requireNothingHidden(value: object): void {
  if (Object.getOwnPropertySymbols(value).some((symbol) => Object.prototype.propertyIsEnumerable.call(value, symbol)))
    throw new TypeError('an argument has a symbol as a name; give a "key" function');
  const builtIn = [Array, Map, Set, Date, RegExp, URL].find((each) => value instanceof each);
  if (builtIn === undefined) return;
  if (Object.getPrototypeOf(value) !== builtIn.prototype)
    throw new TypeError('an argument is an instance of a subclass; give a "key" function');
  // An array's items are its own fields; nothing else of these has any.
  const named = Object.keys(value).some((name) => builtIn !== Array || String(Number(name) >>> 0) !== name);
  if (named) throw new TypeError('an argument has fields beside its items; give a "key" function');
}

/** A buffer's bytes under its type's name; Node's Buffer counts as the Uint8Array it is. */
function encodeView(view: ArrayBufferView): Uint8Array {
  const type = view instanceof Uint8Array ? "Uint8Array" : (view.constructor.name ?? "view");
  return pae(type, new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
}

function encodeFields(value: object, inside: Holders): Uint8Array {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(
      'an argument is an instance of a class, whose content is its own affair; give a "key" function',
    );
  }
  const names = Object.keys(value).sort();
  const fields = names.map((name) =>
    pae(...textPieces(name), encode((value as Record<string, unknown>)[name], inside)),
  );
  return concat(pae("object", String(names.length)), ...fields);
}
