import { hostname } from "node:os";
import type { Environment } from "./environment.ts";

/** Where this process runs, by its own account. */
export function environment(withHost: boolean): Environment {
  const [name, version] = runtime();
  const here = { runtime: `${name} ${version}`, platform: `${process.platform} ${process.arch}` };
  return withHost ? { ...here, host: hostname() } : here;
}

/** Bun and Deno take the modules that are meant for Node, and say there what they are. */
function runtime(): readonly [name: string, version: string] {
  const { bun, deno, node } = process.versions;
  if (bun !== undefined) return ["bun", bun];
  return deno === undefined ? ["node", node] : ["deno", deno];
}
