import type { Command, Invocation } from "../command.ts";
import { UsageError } from "../usage-error.ts";

type Action = (invocation: Invocation, path: string | undefined) => Promise<number>;

const ACTIONS: ReadonlyMap<string, () => Promise<Action>> = new Map([
  ["show", async () => (await import("../configuration/show.ts")).showConfig],
  ["list", async () => (await import("../configuration/trust.ts")).listTrusted],
  ["trust", async () => (await import("../configuration/trust.ts")).trust],
  ["untrust", async () => (await import("../configuration/trust.ts")).untrust],
]);

async function run(invocation: Invocation): Promise<number> {
  const [name = "", path] = invocation.given.positionals;
  const load = ACTIONS.get(name);
  if (load === undefined)
    throw new UsageError("there is no such action", `it is one of ${[...ACTIONS.keys()].join(", ")}`);
  return (await load())(invocation, path);
}

/** `cache config`. */
export const command: Command = {
  usage: "config show|list|trust|untrust",
  summary: "Show the configuration, and say which files are trusted",
  details: `  config show               each field in use, and the file or variable it was taken from; never a secret
  config list               the files you trust, and whether they are still as they were then
  config trust [PATH]       trust a file as it is now: any change of it has to be trusted anew
  config untrust [PATH]     trust it no more

A configuration that is found in a directory may have come there with a repository or an archive; it is used only when you
trust it. PATH is the file or its directory, the nearest one from here unless given. What you trust is kept in
$XDG_CONFIG_HOME/cache/trusted.json, or in ~/.config/cache.
--json: show prints {cache, place, directory, files, config, sources, outside}, list prints one {path, digest, state} a line, trust prints
{path, digest, config}, untrust {path}. config can be used as a configuration again.`,
  positionals: [1, 2],
  run,
};
