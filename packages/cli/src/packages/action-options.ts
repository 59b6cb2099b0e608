import type { Given, Options } from "../command.ts";
import { UsageError } from "../usage-error.ts";
import { LAUNCH_OPTIONS } from "./create-options.ts";

const TRUST = ["name", "threshold", "signature"];
const SAID = ["name", "release", "ttl", "sequence", "writer"];

/** What each action has a use for, beside what every command understands. */
const USED: ReadonlyMap<string, readonly string[]> = new Map([
  ["create", [...SAID, "exclude", "compression", "purpose", ...Object.keys(LAUNCH_OPTIONS)]],
  ["verify", [...TRUST, "level", "max-bytes"]],
  ["sign", [...TRUST, "output", "ttl"]],
  ["inspect", []],
  ["extract", [...TRUST, "max-bytes"]],
  ["run", [...TRUST, "max-bytes"]],
  ["export", [...SAID, "prefix", "all-namespaces"]],
  ["import", [...TRUST, "overwrite", "dry-run"]],
  ["list", []],
  ["clean", ["older-than", "max-bytes", "dry-run"]],
]);

/**
 * Refuses what an action has no use for: it would do nothing without a word, or something else than elsewhere.
 * @throws UsageError
 */
export function refuseUseless(given: Given, options: Options): void {
  const [action = ""] = given.positionals;
  const used = USED.get(action);
  // An action that is none is told of by itself.
  if (used === undefined) return;
  const isGiven = (name: string): boolean => given.flag(name) || given.text(name) !== undefined;
  const useless = Object.keys(options).find((name) => isGiven(name) && !used.includes(name));
  if (useless !== undefined) throw new UsageError(`--${useless} is no option of bundle ${action}`);
}
