import { fromUtf8, utf8 } from "../bytes/text.ts";
import type { Codec } from "../ports/codec.ts";
import { cannotEncode } from "./failure.ts";

/**
 * Values that JSON can say. Dates become text, and fields that are `undefined` are left out; what JSON would empty or make
 * nothing of, such as maps, sets, typed arrays and `NaN`, is a TypeError, as are `undefined` and functions: `structuredCodec`
 * keeps those. An object with a `toJSON` decides by itself.
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
  if (typeof value === "number" && !Number.isFinite(value)) throw lost(String(value));
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) requireKept(item);
    return;
  }
  if (value instanceof Map || value instanceof Set) throw lost("a map or a set");
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) throw lost("bytes");
  if (typeof (value as { toJSON?: unknown }).toJSON === "function") return;
  for (const field of Object.keys(value)) requireKept((value as Record<string, unknown>)[field]);
}

const lost = (what: string): TypeError =>
  new TypeError(`JSON would lose ${what} in the value; give the cache structuredCodec, or bytesCodec for bytes alone`);
