import { parseArgs } from "node:util";
import type { Command, Given, Options } from "./command.ts";
import { UsageError } from "./usage-error.ts";

/** Understood by every command. */
export const GLOBAL_OPTIONS: Options = {
  dir: { type: "string", value: "DIR", help: "directory of the cache" },
  cache: { type: "string", value: "NAME", help: "cache of the configuration, instead of its default one" },
  namespace: { type: "string", value: "NAME", help: "namespace of the keys; the empty one unless given" },
  "keyring-file": { type: "string", value: "FILE", help: "file with the keys" },
  "passphrase-file": { type: "string", value: "FILE", help: "file whose first line opens a protected key file" },
  "keyring-relaxed-permissions": {
    type: "boolean",
    help: "take a key file that others can read, such as a mounted secret",
  },
  config: { type: "string", value: "FILE", help: "configuration to use instead of those that are found" },
  "no-config": { type: "boolean", help: "look for no configuration but your own" },
  json: { type: "boolean", help: "print JSON for programs" },
  help: { type: "boolean", short: "h", help: "print this help" },
};

/** Names of options in messages are those of the table; anything else may be a key pasted in the wrong place. */
function explain(error: unknown, { usage }: Command, args: readonly string[]): UsageError {
  const code = (error as { code?: string }).code;
  if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") return unknownOption(error as Error, usage.split(" ", 1)[0], args);
  if (code === "ERR_PARSE_ARGS_INVALID_OPTION_VALUE") {
    const [, option] = /'(?:-\w, )?--([a-z-]+)/.exec((error as Error).message) ?? [];
    return new UsageError(`the option --${option ?? "?"} has no value, or one that it does not take`);
  }
  throw error;
}

/** Says which one it is by its place, since it may be a secret that begins with `-`. */
function unknownOption({ message }: Error, command: string | undefined, args: readonly string[]): UsageError {
  const [, option] = /'(-[^' ]*)/.exec(message) ?? [];
  const at = args.findIndex((each) => option !== undefined && each.startsWith(option));
  // The command itself is the first.
  const which = at === -1 ? "an argument" : `argument ${at + 2}`;
  return new UsageError(
    `${which} is an option that ${command} has not`,
    `cache ${command} --help lists those it has; -- goes before a name that begins with -`,
  );
}

function parse(command: Command, args: readonly string[]): { values: Record<string, unknown>; positionals: string[] } {
  const options = { ...GLOBAL_OPTIONS, ...command.options };
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw explain(error, command, args);
  }
}

/** @throws UsageError for what the command does not understand */
export function parseCommand(command: Command, args: readonly string[]): Given {
  const { values, positionals } = parse(command, args);
  const [least, most] = command.positionals;
  const help = values.help === true;
  if (!help && (positionals.length < least || positionals.length > most)) {
    const many = positionals.length < least ? "an argument is missing" : "there are too many arguments";
    throw new UsageError(many, `usage: cache ${command.usage}`);
  }
  for (const text of [...positionals, ...Object.values(values).flat()]) requireText(text);
  return {
    positionals,
    text: (name) => (Object.hasOwn(values, name) ? (values[name] as string) : undefined),
    all: (name) => (Object.hasOwn(values, name) ? (values[name] as string[]) : []),
    flag: (name) => Object.hasOwn(values, name) && values[name] === true,
  };
}

/** Bytes that are no UTF-8 arrive as replacement characters, so that different names would become one. */
function requireText(argument: unknown): void {
  if (typeof argument === "string" && (!argument.isWellFormed() || argument.includes("\ufffd")))
    throw new UsageError("an argument is not valid UTF-8");
}
