import type { CacheEvent } from "@cache/core";
import { isCacheError, notify } from "@cache/core/adapter";
import { pae, toHex, utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { expectedOf, type TrustOptions } from "../file/trust.ts";

/** Events name a package by so many digits of a hash over its namespace and name. */
const ID_DIGITS = 16;
/** What says that a package is not what its maker left; what other keys signed, or is out of its time, is no attack by itself. */
const DAMAGE: readonly string[] = [
  "ERR_CACHE_AUTH",
  "ERR_CACHE_FORMAT",
  "ERR_CACHE_ROLLBACK",
  "ERR_CACHE_UNSUPPORTED_VERSION",
];

type Told = Pick<CacheEvent, "type" | "level" | "code" | "keyId">;

function tell(options: TrustOptions, told: Told): void {
  const { namespace, key, now: time } = expectedOf(options);
  const id = toHex(crypto.sha256(pae("cache/v1/package-event", utf8(namespace), key))).slice(0, ID_DIGITS);
  notify(options.onEvent, { namespace, plane: "packages", id, time, ...told });
}

/** Runs work on a package, and tells of how it ended: `hit` when it holds, `rejected` with a code when not. */
export async function telling<T>(
  options: TrustOptions,
  work: () => Promise<{ readonly result: T; readonly signedBy: string | undefined }>,
): Promise<T> {
  try {
    const { result, signedBy } = await work();
    tell(options, { type: "hit", level: "info", keyId: signedBy });
    return result;
  } catch (error) {
    if (isCacheError(error))
      tell(options, {
        type: "rejected",
        level: DAMAGE.includes(error.code) ? "security" : "warning",
        code: error.code,
      });
    throw error;
  }
}

/** Tells that what was extracted is no longer what the package has there, and is made anew. */
export function tellChanged(options: TrustOptions): void {
  tell(options, { type: "quarantined", level: "security", code: "ERR_CACHE_AUTH" });
}
