import { spawn } from "node:child_process";

/**
 * Runs a program to its end.
 * @param {readonly string[]} command
 * @param {{ readonly input?: string, readonly cwd: string, readonly timeout?: number }} how - milliseconds
 * @returns {Promise<{ readonly code: number | null, readonly out: string, readonly err: string }>}
 */
export function run([program = "", ...args], { input = "", cwd, timeout = 600_000 }) {
  const child = spawn(program, args, { cwd, timeout, killSignal: "SIGKILL", env: { ...process.env, CI: "true" } });
  let [out, err] = ["", ""];
  child.stdout.on("data", (piece) => {
    out += piece;
  });
  child.stderr.on("data", (piece) => {
    err += piece;
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ code: null, out, err: String(error) }));
    child.on("close", (code) => resolve({ code, out, err }));
  });
}
