import type { CacheError, CacheErrorCode } from "@cache/core";
import type { StoredFiles } from "./record.ts";

/** Everything that is known of a key. */
export type FileLookup =
  | { readonly state: "hit"; readonly files: StoredFiles }
  /** There is nothing, it has expired, or something it needs is lost. */
  | { readonly state: "miss" }
  | { readonly state: "rejected"; readonly code: CacheErrorCode; readonly error: CacheError };
