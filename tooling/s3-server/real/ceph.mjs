import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { hasEnded, kill } from "./child.mjs";
import { defaultDirectory, makeChroot } from "./chroot.mjs";
import { createBucket } from "./create-bucket.mjs";
import { freePorts } from "./ports.mjs";

const script = fileURLToPath(new URL("ceph.sh", import.meta.url));

/**
 * Ceph's object gateway over one monitor and one OSD in memory, from Debian unstable in a chroot. Killed and restarted is
 * the gateway; what it stored stays in the OSD.
 * @param {{ directory?: string | undefined }} [options] - of the chroot
 * @returns {Promise<import("../imitation/start.mjs").Server | { unavailable: string }>}
 */
export async function startCeph({ directory = defaultDirectory() } = {}) {
  const unavailable = await makeChroot(directory);
  if (unavailable !== undefined) return { unavailable };
  const [port = 0, ...monitor] = await freePorts(3);
  const credentials = { accessKeyId: "AKTESTS", secretAccessKey: randomBytes(20).toString("hex") };
  const keys = [credentials.accessKeyId, credentials.secretAccessKey];
  const space = ["--mount", "--pid", "--fork", "--kill-child"];
  const child = spawn("unshare", [...space, "sh", script, directory, String(port), ...monitor.map(String), ...keys], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (text) => {
    said = (said + text).slice(-2000);
  });
  const ended = () => (hasEnded(child) ? `Ceph ended: ${said}` : undefined);
  const server = { name: "Ceph RGW", url: `http://127.0.0.1:${port}`, bucket: "cache", region: "default", credentials };
  child.stdin.on("error", () => undefined);
  child.stdin.write("start\n");
  const stop = () => kill(child);
  try {
    await createBucket(server, ended);
  } catch (error) {
    await stop();
    return { unavailable: error instanceof Error ? error.message : String(error) };
  }
  return {
    ...server,
    keeps: true,
    // It compares the ETag first and deletes then; a put between the two is lost.
    lacks: ["deletes beside puts"],
    async kill() {
      const killed = once(child.stdout, "data");
      child.stdin.write("kill\n");
      await killed;
    },
    async restart() {
      child.stdin.write("start\n");
      await createBucket(server, ended);
    },
    stop,
  };
}
