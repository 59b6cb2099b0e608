import { crypto } from "#platform";
import { checkOptions } from "../adapter/check-options.ts";
import { toHex } from "../bytes/hex.ts";
import { utf8 } from "../bytes/text.ts";
import { checkType } from "../cache/slots.ts";
import { Encoder } from "./encoder.ts";
import type { ContentOf } from "./own-type.ts";
import { TAG } from "./tags.ts";
import type { Writer } from "./writer.ts";

/** How values are digested. */
export interface DigestOptions {
  /**
   * Says what values count as that the language does not know: class instances, functions, symbols. Asked before the value's
   * own `Symbol.for("@cache/digest")` method.
   */
  readonly contentOf?: ContentOf | undefined;
}

const LABEL: Uint8Array = utf8("cache/v1/digest");

/**
 * A digest of a value by content: SHA-256, the same in every process, on every machine and runtime. Values that differ in
 * type or content never meet: `1`, `"1"`, `1n`, `true`, `-0` and `0`, `undefined` and `null`, an array and a set of the
 * same items, an array with a hole and one with `undefined` are all apart. Objects that contain themselves have a digest.
 *
 * Property order does not count; the order of arrays, maps and sets does. Nor do these: whether two equal parts are one
 * object, an error's stack, the symbols that a platform hides on a URL.
 * @returns 64 hexadecimal digits
 * @throws CacheError `ERR_CACHE_UNDIGESTIBLE` with the path to what has no content to go by: functions, symbols, class
 * instances that neither {@link DigestOptions.contentOf} nor a method of their own knows, hidden fields, and what is nested
 * more than 500 deep
 */
export function digestOf(value: unknown, options: DigestOptions = {}): string {
  checkOptions("digestOf", options, ["contentOf"]);
  checkType("contentOf", options.contentOf, "function");
  const encoder = new Encoder(options.contentOf);
  encoder.encode("value", value);
  return finish(encoder.out);
}

/**
 * What {@link digestOf} gives for an array of the values, which in messages have names of their own.
 * @param values - each with the name that its path begins with
 */
export function digestList(
  values: readonly (readonly [root: string, value: unknown])[],
  contentOf?: ContentOf,
): string {
  const encoder = new Encoder(contentOf);
  encoder.out.tag(TAG.array);
  encoder.out.count(values.length);
  for (const [root, value] of values) encoder.encode(root, value);
  encoder.out.shorten(0);
  return finish(encoder.out);
}

function finish(out: Writer): string {
  return toHex(crypto.sha256(LABEL, out.from(0)));
}
