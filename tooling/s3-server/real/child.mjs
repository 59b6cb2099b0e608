import { once } from "node:events";

/** @typedef {import("node:child_process").ChildProcess} ChildProcess */

/**
 * Whether a process is gone.
 * @param {ChildProcess} child
 */
export function hasEnded({ exitCode, signalCode }) {
  return exitCode !== null || signalCode !== null;
}

/**
 * Kills a process, and waits until it is gone.
 * @param {ChildProcess} child
 */
export async function kill(child) {
  if (hasEnded(child)) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}
