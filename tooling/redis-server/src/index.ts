/**
 * A Redis for tests: an imitation in this process, and the real one where a machine has it.
 * @packageDocumentation
 */
export { type RealCluster, startRealCluster } from "./cluster.ts";
export { startImitation } from "./imitation.ts";
export { startReal } from "./real.mjs";
export type { Server, ServerOptions, Unavailable } from "./server.ts";
export { isReal, startServer } from "./start.ts";
