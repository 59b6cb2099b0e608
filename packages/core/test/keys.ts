import { isCacheError } from "@cache/core";
import fc from "fast-check";
import { expect } from "vitest";

/** The master and the seed of the format document's known answers. */
export const sequence: Uint8Array = Uint8Array.from({ length: 32 }, (_, i) => i);

/** A coded refusal, of one code or of any. */
export const code = (code: string): unknown => expect.objectContaining({ name: "CacheError", code });
export const refusal: unknown = expect.objectContaining({ name: "CacheError" });

/** 32 bytes that are no weak key. */
export const secretBytes: fc.Arbitrary<Uint8Array> = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .filter((bytes) => new Set(bytes).size >= 16 && bytes.some((byte) => byte < 0x20 || byte > 0x7e));

/** The code of the refusal, or `read`. Anything else that is thrown is thrown on. */
export function outcome(parse: () => unknown): string {
  try {
    parse();
    return "read";
  } catch (error) {
    if (isCacheError(error)) return error.code;
    throw error;
  }
}
