import { raw } from "./commands/command.ts";
import { integer } from "./commands/numbers.ts";
import type { Machine } from "./machine.ts";
import { Fields, OK, Refusal, type Reply, Status } from "./protocol/reply.ts";

/** What concerns the server and is no data. */
export interface Host {
  readonly machine: Machine;
  readonly password: string | undefined;
  /** Answers nobody for so long. */
  pause(milliseconds: number): void;
}

const WRONGPASS = "WRONGPASS invalid username-password pair or user is disabled.";

/** One connection: who is there, and which protocol is spoken. */
export class Session {
  version: 2 | 3 = 2;
  isOver = false;
  readonly #host: Host;
  readonly #id: number;
  #isKnown: boolean;

  constructor(host: Host, id: number) {
    this.#host = host;
    this.#id = id;
    this.#isKnown = host.password === undefined;
  }

  /** Answers one request. */
  answer(words: readonly Buffer[]): Reply {
    try {
      return this.#run(raw(words[0]).toUpperCase(), words);
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  #run(name: string, words: readonly Buffer[]): Reply {
    const [, first, second] = words.map((word) => raw(word));
    if (name === "HELLO") return this.#hello(words);
    if (name === "QUIT") return this.#quit();
    if (name === "AUTH") return this.#authenticate(second ?? first ?? "");
    if (!this.#isKnown) throw new Refusal("NOAUTH Authentication required.");
    if (name === "PING") return first === undefined ? new Status("PONG") : (words[1] ?? null);
    if (name === "SELECT") return selected(first);
    if (name === "CLIENT") return this.#client(first?.toUpperCase(), words);
    if (name === "CONFIG") return this.#configure(words.map((word) => raw(word).toLowerCase()));
    if (name === "INFO")
      return `# Server\r\nredis_version:7.0.15\r\n# Persistence\r\nloading:0\r\nused_memory:${this.#host.machine.keys.used}\r\n`;
    if (name === "REPLICAOF") this.#host.machine.isReplica = first?.toUpperCase() !== "NO";
    return name === "REPLICAOF" ? OK : this.#host.machine.run(words);
  }

  #quit(): Reply {
    this.isOver = true;
    return OK;
  }

  #authenticate(password: string): Reply {
    if (this.#host.password === undefined)
      throw new Refusal(
        "ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?",
      );
    if (password !== this.#host.password) throw new Refusal(WRONGPASS);
    this.#isKnown = true;
    return OK;
  }

  #hello(words: readonly Buffer[]): Reply {
    const version = words[1] === undefined ? this.version : Number(raw(words[1]));
    if (version !== 2 && version !== 3) throw new Refusal("NOPROTO unsupported protocol version");
    const auth = words.findIndex((word) => raw(word).toUpperCase() === "AUTH");
    if (auth > 0) this.#authenticate(raw(words[auth + 2]));
    if (!this.#isKnown) {
      throw new Refusal(
        "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time",
      );
    }
    this.version = version;
    const role = this.#host.machine.isReplica ? "replica" : "master";
    return new Fields([
      ["server", "redis"],
      ["version", "7.0.15"],
      ["proto", version],
      ["id", this.#id],
      ["mode", "standalone"],
      ["role", role],
      ["modules", []],
    ]);
  }

  #client(name: string | undefined, words: readonly Buffer[]): Reply {
    if (name === "ID") return this.#id;
    if (name === "PAUSE") this.#host.pause(integer(words[2]));
    if (name === "PAUSE" || name === "SETNAME" || name === "REPLY") return OK;
    throw new Refusal(`ERR unknown subcommand '${name}'. Try CLIENT HELP.`);
  }

  #configure([, verb, name = "", value = ""]: readonly string[]): Reply {
    const { bound } = this.#host.machine.keys;
    if (verb !== "set") throw new Refusal("ERR unknown subcommand. Try CONFIG HELP.");
    if (name === "maxmemory") bound.maxmemory = Number(value);
    else if (name === "maxmemory-policy") bound.policy = value;
    else throw new Refusal(`ERR Unknown option or number of arguments for CONFIG SET - '${name}'`);
    return OK;
  }
}

function selected(index: string | undefined): Reply {
  if (index !== "0") throw new Refusal("ERR DB index is out of range");
  return OK;
}
