import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { formatKey, MasterKey, SigningKey } from "@cache/core/keyring";
import { expect, it } from "vitest";
import { directory } from "./slots.ts";

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL("./hit-rate-program.mjs", import.meta.url));

it("whatever one process has written, every other process hits, whatever store is under whatever slots", async () => {
  const keys = [MasterKey.generate(), SigningKey.generate()].map(formatKey).join(",");
  const place = directory();
  const rates = async (mode: string): Promise<Record<string, number>> =>
    JSON.parse((await run(process.execPath, [PROGRAM, mode, place, keys])).stdout);
  await rates("write");
  const [first, second] = await Promise.all([rates("read"), rates("read")]);
  expect(Object.keys(first)).toHaveLength(40);
  expect(first).toEqual(Object.fromEntries(Object.keys(first).map((name) => [name, 1])));
  expect(second).toEqual(first);
});
