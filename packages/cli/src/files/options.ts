import { parseDuration, parseSize } from "@cache/core/adapter";
import type { Given } from "../command.ts";
import { UsageError } from "../usage-error.ts";

/** What each action has a use for, beside what all commands have. */
const TAKES: Readonly<Record<string, readonly string[]>> = {
  put: ["exclude", "of", "ttl"],
  get: ["exclude", "of", "replace", "limit"],
  make: ["exclude", "of", "keep", "ttl", "limit"],
  digest: ["exclude"],
  ls: [],
  rm: [],
};
const OWN = ["exclude", "of", "keep", "ttl", "replace", "limit"];
/** Of which `--exclude` is about nothing but what `--of` names. */
const EXCLUDE_OF = ["get", "make"];

/**
 * Refuses options that an action has no use for, and values that make no sense, before anything is done.
 * @throws UsageError, TypeError
 */
export function checkOptions(given: Given): void {
  const [action = ""] = given.positionals;
  const takes = Object.hasOwn(TAKES, action) ? TAKES[action] : undefined;
  if (takes === undefined) return;
  const other = OWN.find((option) => given.text(option) !== undefined && !takes.includes(option));
  if (other !== undefined) throw new UsageError(`--${other} is no option of files ${action}`);
  if (EXCLUDE_OF.includes(action) && given.all("exclude").length > 0 && given.all("of").length === 0)
    throw new UsageError("--exclude is for what --of names here: of what is kept all is made and restored");
  const [ttl, limit] = [given.text("ttl"), given.text("limit")];
  if (ttl !== undefined) parseDuration(ttl);
  if (limit !== undefined) parseSize(limit);
}
