import type { Options } from "../command.ts";

/** What says which entries are carried, and what becomes of those that are there. */
export const TRANSFER_OPTIONS: Options = {
  prefix: { type: "string", value: "TEXT", help: "export: only keys that begin so" },
  "all-namespaces": { type: "boolean", help: "export: entries of every namespace" },
  overwrite: { type: "boolean", help: "import: replace what is there under the same key" },
};
