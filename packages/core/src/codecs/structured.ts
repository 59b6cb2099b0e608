import { stringify, unflatten } from "devalue";
import { fromUtf8, utf8 } from "../bytes/text.ts";
import type { Codec } from "../ports/codec.ts";
import { cannotEncode } from "./failure.ts";

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
 * `undefined`, `NaN`, `-0`, cycles and shared references. Functions, symbols and class instances are a TypeError; so are
 * bigints of more than 10 000 digits and sparse arrays of more than 16 777 216 places, which cost a reader more than their
 * length in bytes.
 */
export const structuredCodec: Codec<unknown> = {
  name: "structured",
  encode(value) {
    const text = written(value);
    // Only text with one of the two in it, or with a string that looks like it, is read again.
    if (/"BigInt"|\[-7,/.test(text)) requireCheap(JSON.parse(text));
    return utf8(text);
  },
  decode(bytes) {
    const flat: unknown = JSON.parse(fromUtf8(bytes));
    requireCheap(flat);
    return unflatten(flat as unknown[], { Error: readError }) as unknown;
  },
};

function written(value: unknown): string {
  try {
    return stringify(value, { Error: writeError });
  } catch (cause) {
    throw cannotEncode(cause);
  }
}

const MOST_DIGITS = 10_000;
const MOST_PLACES = 16_777_216;
/** Stands in front of the length of a sparse array. */
const SPARSE = -7;

/**
 * A bigint takes time that grows faster than its digits, and a sparse array has places that take no room in the text: a
 * short text planted in an unsigned store would keep its reader busy for long.
 * @throws TypeError for either, when it is too large
 */
function requireCheap(flat: unknown): void {
  if (!Array.isArray(flat)) return;
  for (const part of flat as unknown[]) {
    const [kind, size] = Array.isArray(part) ? (part as unknown[]) : [];
    if (kind === "BigInt" && String(size).length > MOST_DIGITS) {
      throw new TypeError(`a bigint has more than ${MOST_DIGITS} digits`);
    }
    if (kind === SPARSE && Number(size) > MOST_PLACES) {
      throw new TypeError(`a sparse array has more than ${MOST_PLACES} places`);
    }
  }
}
