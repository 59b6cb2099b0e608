import { CacheError } from "@cache/core/adapter";
import type { RedisArgument, RedisClient, RedisNode } from "./clients/client.ts";
import { serverError } from "./failures.ts";
import type { Script } from "./scripts/script.ts";

/** What a command is sent for. */
export interface Errand {
  /** What the store is doing, for the message of an error. */
  readonly doing: string;
  /** A key that says which server of a cluster is asked. */
  readonly key: string;
  /** Ends the waiting as soon as it is aborted. Not given for what changes something: whether it did has to be known. */
  readonly signal?: AbortSignal | undefined;
}

/** A script with what it works on. */
export interface Call {
  readonly script: Script;
  readonly keys: readonly string[];
  readonly args: readonly RedisArgument[];
}

/** Sends commands through a client, waits no longer than it was told, and says what failed. */
export class Connection {
  readonly client: RedisClient;
  readonly #timeout: number;

  /** @throws TypeError for what is no client */
  constructor(client: RedisClient, timeout: number) {
    if (typeof client?.send !== "function") {
      throw new TypeError("a client for Redis is made by fromIoredis(redis) or fromNodeRedis(client)");
    }
    this.client = client;
    this.#timeout = timeout;
  }

  /** One command to the server of the errand's key, or to a certain one. */
  async send(errand: Errand, command: readonly RedisArgument[], node?: RedisNode): Promise<unknown> {
    errand.signal?.throwIfAborted();
    try {
      const answer = node === undefined ? this.client.send(command, errand.key) : node.send(command);
      return await within(this.#timeout, errand.signal, answer);
    } catch (error) {
      throw serverError(errand.doing, error, errand.signal);
    }
  }

  /** A script, sent as text only to a server that does not know it yet. */
  async run(errand: Errand, { script, keys, args }: Call, node?: RedisNode): Promise<unknown> {
    const rest = [String(keys.length), ...keys, ...args];
    try {
      return await this.send(errand, ["EVALSHA", await script.digest, ...rest], node);
    } catch (error) {
      if (!isUnknownScript(error)) throw error;
      return this.send(errand, ["EVAL", script.text, ...rest], node);
    }
  }
}

function isUnknownScript(error: unknown): boolean {
  const cause = error instanceof CacheError ? error.cause : undefined;
  return cause instanceof Error && cause.message.startsWith("NOSCRIPT");
}

/** What was promised, unless the time is over or the caller has had enough before. */
async function within<T>(timeout: number, signal: AbortSignal | undefined, answer: Promise<T>): Promise<T> {
  const { promise: given, reject } = rejectable();
  const timer = setTimeout(() => reject(new Error(`no answer within ${timeout} ms`)), timeout);
  const abandon = () => reject(signal?.reason);
  signal?.addEventListener("abort", abandon);
  try {
    return await Promise.race([answer, given]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abandon);
  }
}

function rejectable(): { promise: Promise<never>; reject(reason: unknown): void } {
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<never>((_, no) => {
    reject = no;
  });
  return { promise, reject };
}
