import { Buffer } from "node:buffer";
import type { RedisArgument, RedisClient, RedisNode } from "./client.ts";

/** How a command's answer is wanted: `returnBuffers` is heard by version 4, `typeMapping` by 5 and 6. */
interface Answering {
  readonly returnBuffers: true;
  readonly typeMapping: Readonly<Record<number, typeof Buffer>>;
}

/** The first bytes of strings in the protocol, `$` and `+`, are the names of their types. */
const BYTES: Answering = { returnBuffers: true, typeMapping: { 36: Buffer, 43: Buffer } };

/** What is used of a client of node-redis (`createClient` of the package `redis`) 4, 5 or 6. */
export interface NodeRedisLike {
  /** Sends one command; how strings of the answer arrive is asked for by the options. */
  // biome-ignore lint/suspicious/noExplicitAny: how commands are typed differs between its versions
  sendCommand(args: any, options?: any): Promise<unknown>;
}

/** What is used of a cluster of node-redis (`createCluster`) 4, 5 or 6. */
export interface NodeRedisClusterLike {
  /** Sends one command to the server of a key. */
  // biome-ignore lint/suspicious/noExplicitAny: how commands are typed differs between its versions
  sendCommand(firstKey: any, isReadonly: boolean | undefined, args: any, options?: any): Promise<unknown>;
  readonly masters: readonly unknown[];
  /** The client of one server. */
  // biome-ignore lint/suspicious/noExplicitAny: the type of a node is generic over all that a client can be
  nodeClient(node: any): NodeRedisLike | Promise<NodeRedisLike>;
}

/**
 * A client of node-redis, connected, as a store uses it. A cluster is listed over its masters.
 * @throws TypeError for another client
 */
export function fromNodeRedis(client: NodeRedisLike | NodeRedisClusterLike): RedisClient {
  // A client of ioredis has a method of that name, which takes something else.
  if (typeof client?.sendCommand !== "function" || "callBuffer" in client) {
    throw new TypeError("fromNodeRedis takes a client of the package redis");
  }
  if (!("nodeClient" in client)) return nodeOf(client);
  return {
    send: (command, key) => client.sendCommand(key, false, command.map(bufferOf), BYTES),
    masters: async () => {
      const masters = await Promise.all(client.masters.map((node) => client.nodeClient(node)));
      return masters.map(nodeOf);
    },
  };
}

function nodeOf(client: NodeRedisLike): RedisNode {
  return { send: (command) => client.sendCommand(command.map(bufferOf), BYTES) };
}

/** Other bytes than a Buffer it refuses. */
function bufferOf(argument: RedisArgument): RedisArgument {
  if (typeof argument === "string") return argument;
  return Buffer.from(argument.buffer, argument.byteOffset, argument.byteLength);
}
