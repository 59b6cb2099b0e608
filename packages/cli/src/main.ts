import { readFileSync } from "node:fs";
import { withoutKeys } from "@cache/core/adapter";
import { COMMANDS } from "./commands.ts";
import { ranCode } from "./config/load.ts";
import { type Environment, takeEnvironment } from "./environment.ts";
import { EXIT } from "./exit-codes.ts";
import { failureOf } from "./failure.ts";
import { misspeltIn } from "./misspelt.ts";
import { isBrokenPipe, note, write, writeError, writeLine } from "./output.ts";
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
  if (load === undefined) throw noSuchCommand(name);
  const { command } = await load();
  const given = parseCommand(command, rest);
  if (given.flag("help")) return help(false, name);
  // A variable with keys that is misspelt would leave every protection out without a word.
  for (const { name: wrong, meant } of misspeltIn(process.env))
    note(`${wrong} is no variable of this command; did you mean ${meant}?`);
  return command.run({ given, environment, commands: COMMANDS });
}

function noSuchCommand(name: string): UsageError {
  const why = name.startsWith("-") ? "the command comes first, then its options" : "there is no such command";
  return new UsageError(why, "cache --help lists the commands");
}

async function help(unasked: boolean, name: string | undefined): Promise<number> {
  if (name !== undefined && COMMANDS[name] === undefined) throw noSuchCommand(name);
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
    if (environment.debug) writeError(withoutKeys(stackOf(error)));
    return exitCode;
  };
  const over = requireAnswer();
  process.once("uncaughtException", (error) => process.exit(over(tell(error))));
  try {
    over(await run(args, manifest, environment));
  } catch (error) {
    over(isBrokenPipe(error) ? EXIT.ok : tell(error));
  }
  // What a configuration that is code left running is not waited for.
  if (ranCode()) setTimeout(() => process.exit(), LEFT_RUNNING).unref();
}

/** What failed, and what that came from. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const cause = error.cause === undefined ? "" : `caused by: ${stackOf(error.cause) || `${String(error.cause)}\n`}`;
  return `${error.stack ?? ""}\n${cause}`;
}

/** Milliseconds. */
const LEFT_RUNNING = 100;

/**
 * A configuration that is code may wait for what never comes, or end the process: neither is a hit or a miss.
 * @returns what is told the exit code that the command itself came to
 */
function requireAnswer(): (exitCode: number) => number {
  let answered = false;
  process.exitCode = EXIT.internal;
  process.once("exit", () => {
    if (answered) return;
    process.exitCode = EXIT.internal;
    writeError(
      "cache: the command came to no end: a configuration that is code ended it, or waits for ever (ERR_CACHE_INTERNAL)\n",
    );
  });
  return (exitCode) => {
    answered = true;
    process.exitCode = exitCode;
    return exitCode;
  };
}
