import { spawn } from "node:child_process";
import { hasEnded, kill } from "./child.mjs";
import { has } from "./chroot.mjs";
import { createBucket } from "./create-bucket.mjs";
import { freePorts } from "./ports.mjs";

/**
 * moto, where its server is on the path. It looks at no signature, and forgets what it stored when it is killed.
 * @returns {Promise<import("../imitation/start.mjs").Server | { unavailable: string }>}
 */
export async function startMoto() {
  const unavailable = whyNoMoto();
  if (unavailable !== undefined) return { unavailable };
  const [port = 0] = await freePorts(1);
  const credentials = { accessKeyId: "AKTESTS", secretAccessKey: "moto does not look at it" };
  const server = { name: "moto", url: `http://127.0.0.1:${port}`, bucket: "cache", region: "us-east-1", credentials };
  let child = run(port);
  const ended = () => (hasEnded(child) ? "moto_server ended" : undefined);
  const stop = () => kill(child);
  try {
    await createBucket(server, ended);
  } catch (error) {
    await stop();
    return { unavailable: error instanceof Error ? error.message : String(error) };
  }
  return {
    ...server,
    keeps: false,
    lacks: ["credentials", "rare refusals"],
    kill: stop,
    async restart() {
      child = run(port);
      await createBucket(server, ended);
    },
    stop,
  };
}

/** Why moto cannot run here; undefined when it can. */
export function whyNoMoto() {
  return has("moto_server") ? undefined : "moto_server is not on the path; Debian has it in python3-moto";
}

/** @param {number} port */
function run(port) {
  return spawn("moto_server", ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
}
