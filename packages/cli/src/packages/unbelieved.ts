import { inspectBundle } from "@cache/bundle";
import { CacheError, isCacheError, type Signer } from "@cache/core";
import { withHint } from "../failure.ts";

/** In the place of keys that nobody configured, for what is not done with a package that merely holds together. */
export const believesNobody: Signer = {
  sign() {
    throw new CacheError("ERR_CACHE_READ_ONLY", "no keys are configured, so nothing is signed");
  },
  verify: () => ({ verdict: "unknown-key" }),
};

/** Says of a package that {@link believesNobody} refused whether anybody signed it. */
export async function sayIfUnsigned(error: unknown, file: string): Promise<never> {
  if (!isCacheError(error, "ERR_CACHE_UNKNOWN_KEY")) throw error;
  if ((await inspectBundle(file)).claimedKey !== undefined) throw error;
  const why = "nobody signed the package, and code that nobody is known to have made is not run";
  throw withHint(
    new CacheError("ERR_CACHE_UNSIGNED", why, { cause: error }),
    "have its maker sign it, and give a keyring with the maker's public key: --keyring-file FILE",
  );
}
