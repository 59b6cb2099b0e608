import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { CacheEvent } from "@cache/core";
import { auditLog } from "@cache/core/audit";

export const event = (n: number, level: CacheEvent["level"] = "security"): CacheEvent => ({
  type: "rejected",
  level,
  namespace: "builds",
  plane: "entries",
  id: String(n).padStart(16, "0"),
  time: 1_800_000_000_000 + n,
  code: "ERR_CACHE_AUTH",
});

/** A log of one run with so many events, closed. Answers its head. */
export function written(path: string, count: number, options: Parameters<typeof auditLog>[1] = {}): string {
  const log = auditLog(path, options);
  for (let n = 0; n < count; n++) log.listener(event(n));
  log.close();
  return log.head;
}

export const linesOf = (path: string): string[] => readFileSync(path, "utf8").trimEnd().split("\n");
export const write = (path: string, lines: readonly string[]): void => writeFileSync(path, `${lines.join("\n")}\n`);

/** All files of a log, the oldest first. */
export function filesOf(path: string): string[] {
  const names = readdirSync(dirname(path)).filter((name) => name.startsWith(`${basename(path)}.`));
  return [...names.sort().map((name) => join(dirname(path), name)), path];
}

/** Runs a program that finds the packages, with these arguments, and answers what it printed. It must end well. */
export async function runProgram(program: string, ...args: readonly string[]): Promise<string> {
  const cwd = new URL("..", import.meta.url);
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, ...args], { cwd });
  let [out, errors] = ["", ""];
  child.stdout.on("data", (piece) => {
    out += piece;
  });
  child.stderr.on("data", (piece) => {
    errors += piece;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`ended with ${code}: ${errors}`);
  return out;
}
