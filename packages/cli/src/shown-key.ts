import { looksLikeKey } from "@cache/core/adapter";
import { keyArgument } from "./arguments.ts";
import { UsageError } from "./usage-error.ts";

/** What digests have. They are what keys of the cache are often made of, so that they are taken for no secret. */
const DIGEST = /^[0-9a-f]{64}$/i;

/** A key of the cache that lists print and messages repeat. @throws UsageError for a secret key in its place */
export function shownKeyArgument(text: string | undefined): string {
  const key = keyArgument(text);
  if (!looksLikeKey(key) || DIGEST.test(key)) return key;
  throw new UsageError("a secret key stands where the name of something belongs", "replace that key if others saw it");
}
