import { CacheError } from "@cache/core";

/** One code and one message for commitment, tag, length, digest and name: a refusal gives no hint which. */
export function unauthentic(): CacheError {
  return new CacheError("ERR_CACHE_AUTH", "the sealed bytes are not what was sealed under this name");
}
