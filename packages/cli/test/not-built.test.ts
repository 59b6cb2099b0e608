import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { BIN, useBench } from "./cli.ts";

const bench = useBench();

test("the command of a clone that was not built says so in one line, and ends with no miss", () => {
  for (const folder of ["bin", "dist/bundle"]) mkdirSync(bench().path(folder), { recursive: true });
  copyFileSync(BIN, bench().path("bin/cache.cjs"));
  const run = () => spawnSync(process.execPath, [bench().path("bin/cache.cjs"), "get", "a"], { encoding: "utf8" });
  expect(run()).toMatchObject({
    status: 70,
    stdout: "",
    stderr: expect.stringMatching(/^cache: it is not built .*\n$/),
  });
  writeFileSync(bench().path("dist/bundle/main.cjs"), 'require("./gone.cjs");');
  expect(run().stderr).toMatch(/Cannot find module '\.\/gone\.cjs'/);
});
