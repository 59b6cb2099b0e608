import type { ParseArgsConfig } from "node:util";
import type { Environment } from "./environment.ts";

/** The options of one command, as `node:util` parses them, each with what the help says about it. */
export type Options = Readonly<
  Record<string, NonNullable<ParseArgsConfig["options"]>[string] & { readonly help: string; readonly value?: string }>
>;

/** What was given on the command line. */
export interface Given {
  readonly positionals: readonly string[];
  text(name: string): string | undefined;
  /** What an option that may be repeated was given, in order. */
  all(name: string): readonly string[];
  flag(name: string): boolean;
}

/** What a command runs with. */
export interface Invocation {
  readonly given: Given;
  readonly environment: Environment;
  /** For the command that tells of the others. */
  readonly commands: Commands;
}

/** Commands by name, each loaded when it is asked for. */
export type Commands = Readonly<Record<string, () => Promise<{ readonly command: Command }>>>;

/** One command: how it is used, and what it does. `run` answers the exit code. */
export interface Command {
  /** Without the program's name: `get KEY [-o FILE]`. */
  readonly usage: string;
  readonly summary: string;
  /** More for `--help`, in paragraphs. */
  readonly details?: string | undefined;
  readonly options?: Options | undefined;
  /** Fewest and most positional arguments. */
  readonly positionals: readonly [least: number, most: number];
  run(invocation: Invocation): Promise<number>;
}
