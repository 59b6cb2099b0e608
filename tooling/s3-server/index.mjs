/** Servers of S3 for tests: an imitation that needs nothing, and real ones where a machine can have them. */
import { startImitation } from "./imitation/start.mjs";
import { startCeph } from "./real/ceph.mjs";
import { whyNoCeph } from "./real/chroot.mjs";
import { startMoto, whyNoMoto } from "./real/moto.mjs";

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

/**
 * What tests run against that hold for every server: the real one that the environment names in `S3_SERVER`, `ceph` or
 * `moto`, with its chroot in `S3_CHROOT`, or an imitation when it names none.
 * @returns {Promise<Server>}
 */
export async function startChosen() {
  const { S3_SERVER: named, S3_CHROOT: directory } = process.env;
  if (named === undefined) return startImitation();
  if (named !== "ceph" && named !== "moto") throw new Error("S3_SERVER is ceph or moto");
  const server = await startReal({ server: named, directory });
  if ("unavailable" in server) throw new Error(server.unavailable);
  return server;
}

export { startImitation, whyNoCeph, whyNoMoto };
