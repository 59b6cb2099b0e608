import { Redis } from "ioredis";
import { freePort, startReal } from "./real.mjs";
import type { Server } from "./server.ts";

/** Slots that a cluster divides among its servers. */
const SLOTS = 16_384;

/** Servers that are one cluster, each with its share of the slots. */
export interface RealCluster {
  readonly servers: readonly Server[];
  stop(): Promise<void>;
}

/** A cluster of real servers without replicas. @throws Error that says why a machine cannot have it */
export async function startRealCluster(count = 3): Promise<RealCluster> {
  const servers: Server[] = [];
  const stop = async () => {
    for (const server of servers) await server.stop();
  };
  try {
    for (let at = 0; at < count; at++) servers.push(await startMember());
    await join(servers);
  } catch (error) {
    await stop();
    throw error;
  }
  return { servers, stop };
}

async function startMember(): Promise<Server> {
  const bus = ["--cluster-port", String(await freePort())];
  const server = await startReal({ more: ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000", ...bus] });
  if ("unavailable" in server) throw new Error(server.unavailable);
  return server;
}

async function join(servers: readonly Server[]): Promise<void> {
  const clients = servers.map(({ port }) => new Redis(port));
  const [first] = clients;
  const bus = Number(((await first?.call("CONFIG", "GET", "cluster-port")) as string[] | undefined)?.[1]);
  const share = Math.ceil(SLOTS / servers.length);
  for (const [at, client] of clients.entries()) {
    const range = [at * share, Math.min((at + 1) * share, SLOTS) - 1].map(String);
    await client.call("CLUSTER", "ADDSLOTSRANGE", ...range);
    if (client !== first) await client.call("CLUSTER", "MEET", "127.0.0.1", String(servers[0]?.port), String(bus));
  }
  for (const client of clients) {
    while (!String(await client.call("CLUSTER", "INFO")).includes("cluster_state:ok")) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    client.disconnect();
  }
}
