import { type Command, raw } from "./commands/command.ts";
import { dataCommands } from "./commands/index.ts";
import { integer } from "./commands/numbers.ts";
import { now } from "./data/clock.ts";
import { type Bound, Keyspace } from "./data/keyspace.ts";
import { Scripts } from "./lua/scripts.ts";
import { OK, Refusal, type Reply, wrongArity } from "./protocol/reply.ts";

/** Of a script that is running: a full server lets it end once it has changed something. */
interface Run {
  readonly isFull: boolean;
  hasWritten: boolean;
}

/** All of a server that is not about connections: data, scripts, and what it refuses. */
export class Machine {
  readonly keys: Keyspace;
  isReplica = false;
  readonly #scripts = new Scripts();

  constructor(bound: Bound) {
    this.keys = new Keyspace(bound);
  }

  /** One command about data, or a script of several. @throws Refusal */
  run(words: readonly Buffer[]): Reply {
    const name = raw(words[0]).toUpperCase();
    if (name === "EVAL" || name === "EVALSHA") return this.#evaluate(name, words);
    if (name === "SCRIPT") return this.#script(words);
    if (name === "TIME") return timeNow();
    const command = commandOf(name, words);
    this.#refuse(command, command.grows === true && this.keys.isOver());
    return command.run(this, words);
  }

  #refuse(command: Command, isFull: boolean): void {
    if (command.writes === true && this.isReplica)
      throw new Refusal("READONLY You can't write against a read only replica.");
    if (isFull) throw new Refusal("OOM command not allowed when used memory > 'maxmemory'.");
  }

  #evaluate(name: string, words: readonly Buffer[]): Reply {
    if (words.length < 3) throw wrongArity(name);
    const count = integer(words[2]);
    if (count < 0) throw new Refusal("ERR Number of keys can't be negative");
    if (count > words.length - 3) throw new Refusal("ERR Number of keys can't be greater than number of args");
    const digest = name === "EVAL" ? this.#scripts.load(words[1] ?? Buffer.alloc(0)) : raw(words[1]);
    if (!this.#scripts.has(digest)) throw new Refusal("NOSCRIPT No matching script. Please use EVAL.");
    // Room is made before a script, and not while it runs.
    const run: Run = { isFull: this.keys.isOver(), hasWritten: false };
    const [keys, args] = [words.slice(3, 3 + count), words.slice(3 + count)];
    return this.#scripts.run(digest, keys, args, (called) => this.#fromScript(run, called));
  }

  #fromScript(run: Run, words: readonly Buffer[]): Reply {
    const name = raw(words[0]).toUpperCase();
    if (name === "TIME") return timeNow();
    const command = commandOf(name, words);
    this.#refuse(command, command.grows === true && run.isFull && !run.hasWritten);
    run.hasWritten ||= command.writes === true;
    return command.run(this, words);
  }

  #script(words: readonly Buffer[]): Reply {
    const name = raw(words[1]).toUpperCase();
    if (name === "LOAD" && words[2] !== undefined) return this.#scripts.load(words[2]);
    if (name === "EXISTS") return words.slice(2).map((digest) => (this.#scripts.has(raw(digest)) ? 1 : 0));
    if (name !== "FLUSH") throw new Refusal(`ERR unknown subcommand '${name}'. Try SCRIPT HELP.`);
    this.#scripts.forget();
    return OK;
  }
}

function commandOf(name: string, words: readonly Buffer[]): Command {
  const command = Object.hasOwn(dataCommands, name) ? dataCommands[name] : undefined;
  if (command === undefined) throw new Refusal(`ERR unknown command '${name}', with args beginning with: `);
  const { arity } = command;
  if (arity > 0 ? words.length !== arity : words.length < -arity) throw wrongArity(name);
  return command;
}

function timeNow(): Reply {
  const time = now();
  return [String(Math.floor(time / 1000)), String((time % 1000) * 1000)];
}
