import { readFileSync } from "node:fs";
import { COMMANDS } from "./commands.ts";
import { type Environment, takeEnvironment } from "./environment.ts";
import { EXIT } from "./exit-codes.ts";
import { failureOf } from "./failure.ts";
import { isBrokenPipe, write, writeError, writeLine } from "./output.ts";
import { parseCommand } from "./parse.ts";
import { UsageError } from "./usage-error.ts";

/** The version that a package manifest tells. */
function versionIn(manifest: string): string {
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  return version;
}

async function run(args: readonly string[], manifest: string, environment: Environment): Promise<number> {
  const [name, ...rest] = args;
  if (name === "--version" || name === "-v") {
    await writeLine(versionIn(manifest));
    return EXIT.ok;
  }
  if (name === "--help" || name === "-h" || name === "help" || name === undefined)
    return help(name === undefined, rest[0]);
  const load = COMMANDS[name];
  if (load === undefined) {
    const why = name.startsWith("-") ? "the command comes first, then its options" : "there is no such command";
    throw new UsageError(why, "cache --help lists the commands");
  }
  const { command } = await load();
  const given = parseCommand(command, rest);
  if (given.flag("help")) return help(false, name);
  return command.run({ given, environment, commands: COMMANDS });
}

async function help(unasked: boolean, name: string | undefined): Promise<number> {
  const { commandHelp, overview } = await import("./help.ts");
  if (unasked) {
    writeError(await overview());
    return EXIT.usage;
  }
  const load = name === undefined ? undefined : COMMANDS[name];
  await write(load === undefined ? await overview() : commandHelp((await load()).command));
  return EXIT.ok;
}

/**
 * Runs one command and sets the exit code of the process.
 * @param manifest - path of this package's `package.json`; where this file lies in the package differs by how it was built
 */
export async function main(args: readonly string[], manifest: string): Promise<void> {
  const environment = takeEnvironment(process.env);
  const tell = (error: unknown): number => {
    const { exitCode, line } = failureOf(error);
    writeError(`cache: ${line}\n`);
    if (environment.debug && error instanceof Error) writeError(`${error.stack ?? ""}\n`);
    return exitCode;
  };
  // A configuration that is code may wait for what never comes, or fail behind our back: neither is a hit or a miss.
  process.exitCode = EXIT.internal;
  process.once("uncaughtException", (error) => process.exit(tell(error)));
  try {
    process.exitCode = await run(args, manifest, environment);
  } catch (error) {
    process.exitCode = isBrokenPipe(error) ? EXIT.ok : tell(error);
  }
}
