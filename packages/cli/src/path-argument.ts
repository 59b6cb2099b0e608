import { looksLikeKey } from "@cache/core/adapter";
import { UsageError } from "./usage-error.ts";

/** A path that is going to be made or shown. @param called - what the message calls it @throws UsageError for a key in its place */
export function pathArgument(path: string, called: string): string {
  if (!looksLikeKey(path)) return path;
  throw new UsageError(
    `${called} is a key, and not a path`,
    "if that key is secret, replace it; ./ goes before a name like it",
  );
}
