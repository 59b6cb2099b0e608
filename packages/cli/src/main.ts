import { COMMANDS } from "./commands.ts";
import { type Environment, takeEnvironment } from "./environment.ts";
import { EXIT } from "./exit-codes.ts";
import { failureOf } from "./failure.ts";
import { isBrokenPipe, leaveQuietlyOnBrokenPipe, write, writeLine } from "./output.ts";
import { parseCommand } from "./parse.ts";
import { UsageError } from "./usage-error.ts";

async function versionText(): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  // By the package's own name: where this file lies in the package differs between the bundle and what tsc wrote.
  const path = new URL(import.meta.resolve("@cache/cli/package.json"));
  const manifest = JSON.parse(await readFile(path, "utf8")) as { version: string };
  return manifest.version;
}

async function run(args: readonly string[], environment: Environment): Promise<number> {
  const [name, ...rest] = args;
  if (name === "--version" || name === "-v") {
    await writeLine(await versionText());
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
    process.stderr.write(await overview());
    return EXIT.usage;
  }
  const load = name === undefined ? undefined : COMMANDS[name];
  await write(load === undefined ? await overview() : commandHelp((await load()).command));
  return EXIT.ok;
}

/** Runs one command and sets the exit code of the process. */
export async function main(args: readonly string[]): Promise<void> {
  const environment = takeEnvironment(process.env);
  leaveQuietlyOnBrokenPipe();
  try {
    process.exitCode = await run(args, environment);
  } catch (error) {
    if (isBrokenPipe(error)) return;
    const { exitCode, line } = failureOf(error);
    process.stderr.write(`cache: ${line}\n`);
    if (environment.debug && error instanceof Error) process.stderr.write(`${error.stack ?? ""}\n`);
    process.exitCode = exitCode;
  }
}
