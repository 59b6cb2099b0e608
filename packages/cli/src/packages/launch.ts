import type { EnvironmentRules, Launch, NewMember, Purpose, WorkDirectory } from "@cache/bundle";
import type { Given } from "../command.ts";
import { UsageError } from "../usage-error.ts";
import { LAUNCH_OPTIONS } from "./create-options.ts";

/** `NAME=TEXT` in two. @throws UsageError */
function pairOf(option: string, text: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw new UsageError(`--${option} is a name, = and a text`);
  return [text.slice(0, at), text.slice(at + 1)];
}

const pairsOf = (given: Given, option: string): Record<string, string> =>
  Object.fromEntries(given.all(option).map((text) => pairOf(option, text)));

function rulesOf(given: Given): EnvironmentRules {
  return { pass: given.all("pass"), unset: given.all("unset"), map: pairsOf(given, "map"), set: pairsOf(given, "set") };
}

/** How the package is run, if it is. @throws UsageError for options that need a command */
export function launchOf(given: Given): Launch | undefined {
  const command = given.text("command");
  if (command === undefined) {
    const [useless] = Object.keys(LAUNCH_OPTIONS).filter((name) => given.text(name) !== undefined);
    if (useless !== undefined) throw new UsageError(`--${useless} needs --command`);
    return undefined;
  }
  const workDirectory = given.text("work-directory") as WorkDirectory | undefined;
  return { command, arguments: given.all("argument"), workDirectory, environment: rulesOf(given) };
}

/** Gives members the purposes of `--purpose PATH=PURPOSE`, where PATH is a member or a directory of some. */
export async function* withPurposes(members: AsyncIterable<NewMember>, given: Given): AsyncGenerator<NewMember> {
  const purposes = given.all("purpose").map((text) => pairOf("purpose", text));
  for await (const member of members) {
    const found = purposes.findLast(([path]) => member.path === path || member.path.startsWith(`${path}/`));
    yield found === undefined || member.content === undefined ? member : { ...member, purpose: found[1] as Purpose };
  }
}
