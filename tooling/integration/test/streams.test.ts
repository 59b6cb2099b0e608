import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

it("M25: a stream of 256 MiB, plain and sealed, in and out, never raises resident memory by 64 MiB", () => {
  const program = fileURLToPath(new URL("../measure-streams.mjs", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, "256"], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(stdout.match(/256 MiB .* ok$/gm)).toHaveLength(4);
  expect(status).toBe(0);
});
