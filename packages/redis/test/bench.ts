import type { Kind, Name } from "@cache/core";
import { type Server, type ServerOptions, startServer } from "@cache/redis-server";
import { Redis } from "ioredis";
import { fromIoredis, type RedisClient } from "../src/index.ts";

/** A server, a client for stores, and a connection of somebody else who may do everything. */
export interface Bench {
  readonly server: Server;
  readonly client: RedisClient;
  readonly other: Redis;
  stop(): Promise<void>;
}

export async function openBench(options: ServerOptions = {}): Promise<Bench> {
  const server = await startServer(options);
  const { port, password } = server;
  const common = { port, ...(password === undefined ? {} : { password }), maxRetriesPerRequest: 1 };
  const [own, other] = [new Redis(common), new Redis(common)];
  for (const each of [own, other]) each.on("error", () => undefined);
  const stop = async () => {
    for (const each of [own, other]) each.disconnect();
    await server.stop();
  };
  return { server, client: fromIoredis(own), other, stop };
}

const DIGITS = "0123456789abcdef".repeat(4);

/** A name whose head's key is `cache:{DIGITS}`. */
export const nameOf = (kind: Kind, digits: string = DIGITS): Name => `${kind}/${digits}`;

/** The key of a head, with the prefix that stores have by themselves. */
export const headOf = (digits: string = DIGITS): string => `cache:{${digits}}`;

/** Other bytes for another seed. */
export function sample(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at++) bytes[at] = at * 7 + seed * 31 + (at >> 8);
  return bytes;
}
