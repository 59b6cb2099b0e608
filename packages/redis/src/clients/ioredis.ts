import { Buffer } from "node:buffer";
import type { RedisArgument, RedisClient, RedisNode } from "./client.ts";

/** What is used of a `Redis` of ioredis 5 or 6, or of iovalkey. */
export interface IoredisLike {
  /** Sends one command; strings of the answer are bytes. */
  callBuffer(command: string, ...args: (string | number | Uint8Array)[]): Promise<unknown>;
  readonly options: { readonly keyPrefix?: string | undefined };
}

/** What is used of a `Cluster` of ioredis 5 or 6, or of iovalkey. */
export interface IoredisClusterLike extends IoredisLike {
  /** The clients of its servers. */
  nodes(role: "master"): readonly IoredisLike[];
}

/**
 * A client of ioredis or iovalkey, as a store uses it. A cluster is listed over its masters.
 * @throws TypeError for another client, and for one with a `keyPrefix`: it would stand before some of the keys and not before others. Use
 * the store's own `prefix`.
 */
export function fromIoredis(client: IoredisLike | IoredisClusterLike): RedisClient {
  if (typeof client?.callBuffer !== "function")
    throw new TypeError("fromIoredis takes a client of ioredis or iovalkey");
  if ((client.options.keyPrefix ?? "") !== "") {
    throw new TypeError("the client has a keyPrefix: leave it out, and give the store its own prefix");
  }
  const { send } = nodeOf(client);
  if (!("nodes" in client)) return { send };
  return { send, masters: async () => client.nodes("master").map(nodeOf) };
}

function nodeOf(client: IoredisLike): RedisNode {
  return {
    send: ([name, ...rest]: readonly RedisArgument[]) => client.callBuffer(String(name), ...rest.map(bufferOf)),
  };
}

/** Other bytes than a Buffer it would write as text. */
function bufferOf(argument: RedisArgument): RedisArgument {
  if (typeof argument === "string") return argument;
  return Buffer.from(argument.buffer, argument.byteOffset, argument.byteLength);
}
