import { startImitation } from "./imitation.ts";
import { startReal } from "./real.mjs";
import type { Server, ServerOptions } from "./server.ts";

/** Whether tests get the real server: `npm run test:remote` says so. */
export const isReal: boolean = process.env.TEST_REDIS === "real";

/** The imitation; or the real server, where it was asked for. @throws Error that says why a machine cannot have it */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  if (!isReal) return startImitation(options);
  const server = await startReal(options);
  if ("unavailable" in server) throw new Error(server.unavailable);
  return server;
}
