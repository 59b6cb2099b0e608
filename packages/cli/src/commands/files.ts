import { type Actions, runAction } from "../actions.ts";
import type { Command } from "../command.ts";
import { checkOptions } from "../files/options.ts";

const ACTIONS: Actions = new Map([
  ["put", async () => (await import("../files/put.ts")).put],
  ["get", async () => (await import("../files/get.ts")).get],
  ["make", async () => (await import("../files/make.ts")).make],
  ["digest", async () => (await import("../files/care.ts")).digest],
  ["ls", async () => (await import("../files/care.ts")).list],
  ["rm", async () => (await import("../files/care.ts")).remove],
]);

/** `cache files`. */
export const command: Command = {
  usage: "files put|get|make|digest|ls|rm",
  summary: "Keep files and directories by content",
  details: `  files put KEY PATH              store the file or directory at PATH
  files get KEY PATH              make at PATH what is kept: verified, and whole or not at all
  files make KEY PATH -- COMMAND  restore PATH, or run the command that makes it, and store it
  files digest PATH...            print one digest of contents, as part of a key
  files ls [PREFIX]               what is kept; it ends with 3 when something is not believed
  files rm KEY...                 remove it

--of PATH puts the digest of what lies there behind the KEY, so that another input is another key; what is made and the cache do not count, if they
lie in it. Of an input that changes while the command runs nothing is stored. Kept are names, contents, links that
stay inside, and which files can be executed; times, owners and other rights are not. make removes what is at PATH first, so that
nothing of an older result is stored with the new one; it refuses a PATH with an input, a key file, the configuration or the cache in it. Those that make
one PATH take turns. It ends with the exit code of the command when that fails, and with 0 when only the
cache does. Keys in variables are not handed on to the command; it runs as you, and could read what you can.
--json: put prints {kind, digest, size, files}, or {state} when the cache is off, get the same with state, ls one such document with its key a line, digest
{digest, size}.`,
  options: {
    exclude: {
      type: "string",
      multiple: true,
      value: "NAME",
      help: "put, digest, and of what --of names: a name, or a path below it, that is left out; may be repeated",
    },
    of: {
      type: "string",
      multiple: true,
      value: "PATH",
      help: "put, get, make: what the key depends on; may be repeated",
    },
    keep: { type: "boolean", help: "make: leave what is at PATH for the command to find" },
    ttl: { type: "string", value: "TIME", help: "put, make: how long it is believed" },
    replace: { type: "boolean", help: "get: put it in the place of what is there" },
    limit: { type: "string", value: "SIZE", help: "get, make: most bytes that may be restored" },
  },
  positionals: [1, Number.POSITIVE_INFINITY],
  async run(invocation) {
    checkOptions(invocation.given);
    return runAction(ACTIONS, invocation);
  },
};
