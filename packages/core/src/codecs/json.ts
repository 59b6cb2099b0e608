import { fromUtf8, utf8 } from "../bytes/text.ts";
import type { Codec } from "../ports/codec.ts";

/**
 * Values that JSON can say. What JSON changes it changes here too: dates become text, `NaN` becomes null, maps become
 * empty objects; `structuredCodec` keeps those. `undefined` and functions have no form and are a TypeError.
 */
export const jsonCodec: Codec<unknown> = {
  name: "json",
  encode(value) {
    const text = JSON.stringify(value) as string | undefined;
    if (text === undefined) throw new TypeError(`JSON has no form for a value of type ${typeof value}`);
    // JSON.stringify escapes lone surrogates itself (ECMA-262, QuoteJSONString), so the text is always well-formed.
    return utf8(text);
  },
  decode: (bytes) => JSON.parse(fromUtf8(bytes)) as unknown,
};
