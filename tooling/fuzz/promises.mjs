import { isCacheError } from "@cache/core";

/** A promise that an input broke. */
class Broken extends Error {
  /** @override */
  name = "Broken";
}

/**
 * @param {unknown} holds
 * @param {string} promise
 * @returns {asserts holds}
 */
export function promise(holds, promise) {
  if (!holds) throw new Broken(promise);
}

/**
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
export const same = (a, b) => Buffer.compare(a, b) === 0;

/**
 * Codes that may refuse an input; `TypeError` stands for one that says what was wrong, of what takes text of a program.
 * @typedef {readonly string[]} Codes
 */

/**
 * A value, or the code of a refusal. Anything else that is thrown is a broken promise.
 * @template T
 * @param {Codes} codes
 * @param {() => T} work
 * @returns {{ readonly value: T, readonly code?: undefined } | { readonly value?: undefined, readonly code: string }}
 */
export function answer(codes, work) {
  try {
    return { value: work() };
  } catch (error) {
    return { code: refusal(codes, error) };
  }
}

/**
 * As {@link answer}, for what takes its time.
 * @template T
 * @param {Codes} codes
 * @param {() => Promise<T>} work
 * @returns {Promise<{ readonly value: T, readonly code?: undefined } | { readonly value?: undefined, readonly code: string }>}
 */
export async function answerLater(codes, work) {
  try {
    return { value: await work() };
  } catch (error) {
    return { code: refusal(codes, error) };
  }
}

/** @param {Codes} codes @param {unknown} error */
function refusal(codes, error) {
  if (isCacheError(error) && codes.includes(error.code)) return error.code;
  if (
    codes.includes("TypeError") &&
    error instanceof TypeError &&
    !/^Cannot |undefined|is not a function/.test(error.message)
  )
    return "TypeError";
  throw error;
}

/**
 * Text of an input; `undefined` for bytes that are none, which its readers refuse before.
 * @param {Uint8Array} bytes
 */
export function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
