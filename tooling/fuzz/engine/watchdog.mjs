import { Worker } from "node:worker_threads";

/** Longest input in bytes that is kept for the case that it is the last one. */
const MOST = 131_072;

/**
 * A thread that looks on: an input that takes too long, or fills the memory, is written to a file, and the process ended.
 * @param {string} path - of the file
 * @param {{ readonly seconds: number, readonly megabytes: number }} limits
 * @returns {(bytes: Uint8Array) => void} to be told of each input before its run
 */
export function watchdog(path, { seconds, megabytes }) {
  const shared = new SharedArrayBuffer(8 + MOST);
  const [state, held] = [new Int32Array(shared, 0, 2), new Uint8Array(shared, 8)];
  const workerData = { shared, path, seconds, megabytes };
  new Worker(new URL("watchdog-thread.mjs", import.meta.url), { workerData, execArgv: [] }).unref();
  return (bytes) => {
    held.set(bytes.subarray(0, MOST));
    state[1] = Math.min(bytes.length, MOST);
    Atomics.add(state, 0, 1);
  };
}
