import { fromUtf8, utf8 } from "../bytes/text.ts";
import type { Codec } from "../ports/codec.ts";
import { cannotEncode } from "./failure.ts";

/**
 * Values that JSON can say. Dates become text, class instances plain objects, `-0` becomes 0, and fields that are `undefined` are
 * left out. What JSON would empty or make nothing of is a TypeError: maps, sets, bytes, errors, promises, patterns and other objects
 * without fields, functions, symbols, `NaN`, and `undefined` elsewhere than in a field. The error says what keeps it, where anything does. An object with
 * a `toJSON` decides by itself.
 */
export const jsonCodec: Codec<unknown> = {
  name: "json",
  encode(value) {
    const text = written(value);
    if (text === undefined) throw new TypeError(`JSON has no form for a value of type ${typeof value}`);
    requireKept(value);
    // JSON.stringify escapes lone surrogates itself (ECMA-262, QuoteJSONString), so the text is always well-formed.
    return utf8(text);
  },
  decode: (bytes) => JSON.parse(fromUtf8(bytes)) as unknown,
};

function written(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // Everything else says what is wrong by itself, or is what a `toJSON` of the user threw.
    throw error instanceof RangeError ? cannotEncode(error) : error;
  }
}

/** After it was written, so that it is known to have no cycle. @throws TypeError for what JSON has lost of the value */
function requireKept(value: unknown): void {
  if (typeof value === "number" && !Number.isFinite(value)) throw lost(String(value), STRUCTURED);
  if (typeof value === "function" || typeof value === "symbol") throw lost(`a ${typeof value}`, NOTHING);
  if (typeof value !== "object" || value === null) return;
  if (value instanceof Date && Number.isNaN(value.getTime())) throw lost("a date that is none", STRUCTURED);
  if (typeof (value as { toJSON?: unknown }).toJSON === "function" && !ArrayBuffer.isView(value)) return;
  if (Array.isArray(value)) requireItems(value);
  else requireFields(value);
}

function requireItems(items: readonly unknown[]): void {
  for (const item of items) {
    if (item === undefined) throw lost("an item that is undefined", STRUCTURED);
    requireKept(item);
  }
}

/** @throws TypeError for an object of which JSON writes nothing, or less than its fields */
function requireFields(value: object): void {
  if (value instanceof Map || value instanceof Set) throw lost("a map or a set", STRUCTURED);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) throw lost("bytes", BYTES);
  if (value instanceof Error) throw lost("an error", STRUCTURED);
  const names = Object.keys(value);
  if (names.length === 0 && !isPlain(value)) throw lostObject(value);
  if (Object.getOwnPropertySymbols(value).length > 0) throw lost("a field whose name is a symbol", NOTHING);
  for (const name of names) requireKept((value as Record<string, unknown>)[name]);
}

/** Kinds of objects without fields that the structured codec has a form for. */
const STRUCTURED_KINDS = ["BigInt", "Boolean", "Number", "RegExp", "String", "URLSearchParams"];

function lostObject(value: object): TypeError {
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  if (kind === "Promise") return lost("a promise", "await it, and store what it comes to");
  return lost("an object that has no fields of its own", STRUCTURED_KINDS.includes(kind) ? STRUCTURED : NOTHING);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  // Of another realm, such as a `vm` context, too.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

const STRUCTURED = "give the cache structuredCodec";
const BYTES = "give the cache structuredCodec, or bytesCodec for bytes alone";
const NOTHING = "no codec here keeps that: leave it out, or give the cache a codec of its own";

const lost = (what: string, advice: string): TypeError =>
  new TypeError(`JSON would lose ${what} in the value; ${advice}`);
