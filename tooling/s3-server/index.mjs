/** Servers of S3 for tests: an imitation that needs nothing, and real ones where a machine can have them. */
export { startImitation } from "./imitation/start.mjs";

import { startCeph } from "./real/ceph.mjs";
import { startMoto } from "./real/moto.mjs";

/** @typedef {import("./imitation/start.mjs").Server} Server */
/** @typedef {import("./imitation/start.mjs").Server & import("./imitation/start.mjs").Imitated} Imitation */

/**
 * A real server, or the reason why this machine cannot have it.
 * @param {{ server?: "ceph" | "moto", directory?: string | undefined }} [options] - `directory` of a chroot for Ceph
 * @returns {Promise<Server | { unavailable: string }>}
 */
export function startReal({ server = "ceph", directory } = {}) {
  return server === "ceph" ? startCeph({ directory }) : startMoto();
}
