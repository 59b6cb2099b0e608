import type { Keyspace } from "../data/keyspace.ts";
import type { Reply } from "../protocol/reply.ts";

/** What a command works on. */
export interface Context {
  readonly keys: Keyspace;
}

/** One command of the server. */
export interface Command {
  /** Words with the name: exactly so many, or at least so many when negative. */
  readonly arity: number;
  /** Changes something, so a replica refuses it. */
  readonly writes?: boolean | undefined;
  /** May need memory, so a full server refuses it. */
  readonly grows?: boolean | undefined;
  /** Which of its words are keys, for a cluster. @defaultValue the first after the name */
  readonly keysOf?: ((words: readonly Buffer[]) => readonly string[]) | undefined;
  run(context: Context, words: readonly Buffer[]): Reply;
}

export type Commands = Readonly<Record<string, Command>>;

/** A key or a field: its bytes, a character for each. */
export function raw(word: Buffer | undefined): string {
  return word?.toString("latin1") ?? "";
}
