import { randomInt } from "node:crypto";
import { firstDigitsOf } from "../listing.ts";
import { KINDS } from "../paths.ts";
import type { Found } from "../root.ts";

/**
 * All first digits that names in a store have, in an order that nobody knows beforehand. Names are digests, so the values with
 * some of them are a fair sample of all.
 */
export function digitsAtRandom(found: Found): string[] {
  const digits = [...new Set(KINDS.flatMap((kind) => firstDigitsOf(found, kind)))];
  for (let at = digits.length - 1; at > 0; at--) {
    const other = randomInt(at + 1);
    [digits[at], digits[other]] = [digits[other] as string, digits[at] as string];
  }
  return digits;
}
