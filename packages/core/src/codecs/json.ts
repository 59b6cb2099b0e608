import { fromUtf8, utf8 } from "../bytes/text.ts";
import type { Codec } from "../ports/codec.ts";
import { cannotEncode } from "./failure.ts";

/**
 * Values that JSON can say. What JSON changes it changes here too: dates become text, `NaN` becomes null, maps become
 * empty objects; `structuredCodec` keeps those. `undefined` and functions have no form and are a TypeError.
 */
export const jsonCodec: Codec<unknown> = {
  name: "json",
  encode(value) {
    const text = written(value);
    if (text === undefined) throw new TypeError(`JSON has no form for a value of type ${typeof value}`);
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
