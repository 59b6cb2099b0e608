import type { Given, Options } from "../command.ts";
import { UsageError } from "../usage-error.ts";

/** What says which entries are carried, and what becomes of those that are there. */
export const TRANSFER_OPTIONS: Options = {
  prefix: { type: "string", value: "TEXT", help: "export: only keys that begin so" },
  "all-namespaces": { type: "boolean", help: "export: entries of every namespace" },
  overwrite: { type: "boolean", help: "import: replace what is there under the same key" },
};

/** @throws UsageError for one of these options: here they would do nothing, or something else than elsewhere */
export function refuseOptions(given: Given, action: string, names: readonly string[]): void {
  const useless = names.find((name) => given.flag(name) || given.text(name) !== undefined);
  if (useless !== undefined) throw new UsageError(`--${useless} is no option of bundle ${action}`);
}
