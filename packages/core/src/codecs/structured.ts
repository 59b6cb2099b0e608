import { parse, stringify } from "devalue";
import { fromUtf8, utf8 } from "../bytes/text.ts";
import type { Codec } from "../ports/codec.ts";

const ERRORS: Readonly<Record<string, ErrorConstructor>> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

/** What the structured clone algorithm keeps of an error (HTML, section 2.7.3): its name, if a native one, and message. */
const writeError = (value: unknown): unknown =>
  value instanceof Error && {
    name: value.name,
    message: value.message,
    ...("cause" in value ? { cause: value.cause } : {}),
  };

function readError({ name, message, ...rest }: { name: string; message: string; cause?: unknown }): Error {
  const Native = Object.hasOwn(ERRORS, name) ? (ERRORS[name] as ErrorConstructor) : Error;
  return new Native(message, rest);
}

/**
 * What the structured clone algorithm can carry: dates, maps, sets, bigints, typed arrays, regular expressions, errors,
 * `undefined`, `NaN`, `-0`, cycles and shared references. Functions, symbols and class instances are a TypeError.
 */
export const structuredCodec: Codec<unknown> = {
  name: "structured",
  encode(value) {
    try {
      return utf8(stringify(value, { Error: writeError }));
    } catch (cause) {
      throw new TypeError("the value has a part that cannot be cloned, such as a function", { cause });
    }
  },
  decode: (bytes) => parse(fromUtf8(bytes), { Error: readError }) as unknown,
};
