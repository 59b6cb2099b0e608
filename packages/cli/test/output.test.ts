import { spawnSync } from "node:child_process";
import { beforeEach, describe, expect, it } from "vitest";
import { BIN, useBench } from "./cli.ts";

const bench = useBench();

describe.skipIf(process.platform !== "linux")("standard output", () => {
  const command = `"${process.execPath}" "${BIN}" get key`;
  const shell = (script: string) => {
    const env = { PATH: process.env.PATH, HOME: bench().home, CACHE_DIR: bench().dir };
    return spawnSync("sh", ["-c", script], { env, maxBuffer: 10_000_000 });
  };
  const value = Buffer.alloc(6_000_000, "0123456789");

  beforeEach(async () => {
    expect((await bench().run(["set", "key"], { input: value })).code).toBe(0);
  });

  it("that cannot be written is a failure with a code, and no stack", () => {
    const { status, stderr } = shell(`exec ${command} > /dev/full`);
    expect(String(stderr)).toBe("cache: standard output could not be written: ENOSPC (ERR_CACHE_STORE)\n");
    expect(status).toBe(4);
  });

  it("whose reader leaves is no failure", () => {
    const { stdout, stderr } = shell(`{ ${command}; echo "code $?" >&2; } | head -c 3`);
    expect([String(stdout), String(stderr)]).toEqual(["012", "code 0\n"]);
  });

  it("whose reader leaves before streamed content was verified to its end is no success", async () => {
    const put = await bench().run(["put"], { input: value });
    const cat = `"${process.execPath}" "${BIN}" cat ${put.out.trim()}`;
    const env = { PATH: process.env.PATH, HOME: bench().home, CACHE_DIR: bench().dir };
    const { stderr } = spawnSync("sh", ["-c", `{ ${cat}; echo "code $?" >&2; } | head -c 3`], { env });
    expect(String(stderr)).toBe("code 4\n");
  });

  it("that takes its time gets all, however large", () => {
    expect(shell(`${command} | { sleep 0.3; cat; }`).stdout.equals(value)).toBe(true);
    // Node's parents hand over a socket instead of a pipe.
    const parent = `const { spawn } = require("node:child_process"); const [, bin] = process.argv;
      const child = spawn(process.execPath, [bin, "get", "key"], { stdio: ["ignore", "pipe", "inherit"] });
      setTimeout(() => child.stdout.pipe(process.stdout), 300);`;
    const ran = spawnSync(process.execPath, ["-e", parent, BIN], {
      env: { PATH: process.env.PATH, HOME: bench().home, CACHE_DIR: bench().dir },
      maxBuffer: 10_000_000,
    });
    expect(ran.stdout.equals(value)).toBe(true);
  });
});
