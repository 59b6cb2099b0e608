import type { Command } from "../command.ts";
import { KEY_OPTIONS } from "../fleche/keys.ts";

/** `cache migrate`. */
export const command: Command = {
  usage: "migrate DIR [--import|--delete]",
  summary: "Say what is unsafe about an old cache, take it over, or delete it",
  details: `DIR is a directory of this command whose entries are not signed or not sealed, one of DeltaGlider, or one of fleche. Without
--import or --delete it is only looked at: owners, modes, links, copies in plain text, what killed writers left, what nobody
signed. The exit code is 3 when something is unsafe, 1 when nothing there is of a known layout.

--import takes over into the configured cache, which needs keys; what a key holds already is left, and so is the old one:
  entries that nobody signed, with their time to live. From then on your keys vouch for them, so nobody else may have been
  able to write to DIR: such a directory is refused. Signed ones that are not sealed are verified by your keys.
  DeltaGlider: what is not encrypted and has the digest that its name says, as content. Tokens are not read; copies in plain
  text are bound to nothing and are refused.
  fleche: as cache fleche import does it, under the path of each file; needs keys of fleche.
--delete removes what belongs to the layout and nothing else. What is sealed, or of other keys, is left by both.
--json prints {directory, layout, values, risks: [{risk, count, example}]}; with --import and --delete {directory, layout,
dryRun, counts, files: [{name, outcome, code}]}.`,
  options: {
    import: { type: "boolean", help: "take over what can be verified" },
    delete: { type: "boolean", help: "remove what belongs to the old layout" },
    "dry-run": { type: "boolean", help: "only say what either would do" },
    "deltaglider-key": { type: "boolean", help: "DG_CACHE_ENCRYPTION_KEY is the master key of the configured cache" },
    ...KEY_OPTIONS,
  },
  positionals: [1, 1],
  run: async (invocation) => (await import("../migrate/migrate.ts")).migrate(invocation),
};
