import type { Command, Invocation } from "../command.ts";
import { KEY_OPTIONS } from "../fleche/keys.ts";
import { UsageError } from "../usage-error.ts";

async function run(invocation: Invocation): Promise<number> {
  const { given } = invocation;
  const [action, directory] = given.positionals;
  if (action === "import") return (await import("../fleche/import-all.ts")).importAll(invocation, directory);
  if (action !== "verify") throw new UsageError("there is no such action", "it is verify or import");
  if (given.flag("dry-run") || given.text("prefix") !== undefined)
    throw new UsageError("--prefix and --dry-run belong to fleche import");
  return (await import("../fleche/judge-all.ts")).judgeAll(invocation, directory);
}

/** `cache fleche`. */
export const command: Command = {
  usage: "fleche verify|import DIR",
  summary: "Verify a directory of the Python cache fleche, or take over what it holds",
  details: `DIR is where the files lie whose names are 64 hexadecimal digits: values or calls in fleche's own directory.
  fleche verify DIR   says of each file whether one of the keys signed it; writes nothing and follows no link
  fleche import DIR   stores each payload that verifies under the name of its file, sealed and signed by the cache's own
                      keys; what is unsigned or changed is refused, what is there already is left

Keys are those of fleche, separated by colons. They are taken from where an option says, and from nowhere else; without
keys neither runs. A payload is a pickle and is never unpickled. fleche's signature says nothing of a file's name: files
that were exchanged verify. The cache that imports needs keys of its own.
Of each file: signed, unsigned, rejected (by none of the keys, or changed), damaged, too-large (above 64 MiB, or compressed
more than 1000 times), not-a-file (a link, a directory), unreadable, other (no such name; not looked into). Import says
imported, present (the same is there), occupied (something else is there) in place of signed.
--json prints {directory, counts, files: [{name, verdict, code, key, compressed, size}]}, import {directory, namespace,
dryRun, counts, files: [{name, outcome, code, key}]}. Exits with 3 when something was refused, else with 4 when something
could not be read.`,
  options: {
    ...KEY_OPTIONS,
    prefix: { type: "string", value: "TEXT", help: "for import: what goes before the name of a file in its key" },
    "dry-run": { type: "boolean", help: "for import: only say what would be done" },
  },
  positionals: [2, 2],
  run,
};
