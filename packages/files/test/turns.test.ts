import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { createCache } from "@cache/core";
import { fileCache, takePlace } from "@cache/files";
import { memoryStore } from "@cache/memory";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { fresh, make } from "./directories.ts";

/** A place, and what says whose turn it is there; the system's temporary directory is the test's own. */
async function aPlace(): Promise<{ readonly path: string; readonly lock: string; readonly locks: string }> {
  const [path, temporary] = [join(fresh(), "to"), fresh()];
  vi.stubEnv("TMPDIR", temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const locks = await takePlace(path, async () => join(temporary, readdirSync(temporary)[0] as string));
  const lock = await takePlace(path, async () => join(locks, readdirSync(locks)[0] as string));
  return { path, lock, locks };
}

/** A process that is over. */
const over = (): number => spawnSync(process.execPath, ["--version"]).pid;

describe.runIf(process.platform !== "win32")("a turn", () => {
  let at: Awaited<ReturnType<typeof aPlace>>;
  beforeEach(async () => {
    at = await aPlace();
  });

  it("leaves nothing behind, and is the same by whatever way the place is named", async () => {
    expect(existsSync(at.lock)).toBe(false);
    const link = join(fresh(), "link");
    symlinkSync(join(at.path, ".."), link);
    await takePlace(join(link, "to"), async () => expect(existsSync(at.lock)).toBe(true));
    await takePlace(join(at.path, "not/there/yet"), async () => expect(existsSync(at.lock)).toBe(false));
    expect(readdirSync(at.locks)).toEqual([]);
  });

  it.each([
    ["is over", () => `${over()} -`] as const,
    // Only Linux tells when a process started.
    ...(process.platform === "linux" ? [["has another's number by now", () => `${process.pid} 1`] as const] : []),
  ])("of a process that %s is over", async (_, holder) => {
    writeFileSync(at.lock, `${hostname()} some-id\n${holder()}\n`);
    expect(await takePlace(at.path, (turn) => turn.isHeld())).toBe(true);
    expect(readdirSync(at.locks)).toEqual([]);
  });

  it.each([
    ["of this machine", () => `${hostname()} some-id\n${over()} -\n${process.pid} -\n`],
    ["of another machine", () => `elsewhere some-id\n${over()} -\n`],
    ["that has only begun", () => ""],
  ])("of a process %s is waited for, as long as nobody asks for an end", async (_, text) => {
    const [held, stop, reason] = [text(), new AbortController(), new Error("enough")];
    writeFileSync(at.lock, held);
    const taking = takePlace(at.path, () => expect.fail("it was taken"), {
      signal: stop.signal,
      onWait: () => stop.abort(reason),
    });
    await expect(taking).rejects.toBe(reason);
    expect(readFileSync(at.lock, "utf8")).toBe(held);
  });

  it("is had already by what runs within it", async () => {
    writeFileSync(at.lock, `${hostname()} some-id\n${process.pid} -\n`);
    const inner = takePlace(at.path, async (turn) => [turn.id, await turn.isHeld()], { within: ["other", "some-id"] });
    expect(await inner).toEqual(["some-id", true]);
    expect(existsSync(at.lock)).toBe(true);
  });

  it("that somebody took away stores nothing, and gives back nothing of theirs", async () => {
    const files = fileCache(createCache({ store: memoryStore({ maxBytes: "1MB" }), namespace: "test" }));
    const made = await files.restoreOrMake("k", at.path, () => {
      make(at.path, { a: "" });
      rmSync(at.lock);
      writeFileSync(at.lock, `${hostname()} another\n${process.pid} -\n`);
    });
    expect([made.state, await files.lookup("k")]).toEqual(["unstored", { state: "miss" }]);
    expect(readFileSync(at.lock, "utf8")).toContain("another");
  });

  it.runIf(process.platform === "linux")("of a process whose parent never asked how it ended is over", async () => {
    // What the shell becomes asks after no child of the shell's.
    const parent = spawn("sh", ["-c", "true & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] });
    onTestFinished(() => void parent.kill("SIGKILL"));
    const [pid] = (await once(parent.stdout, "data")) as [Buffer];
    writeFileSync(at.lock, `${hostname()} some-id\n${String(pid).trim()} -\n`);
    expect(await takePlace(at.path, (turn) => turn.isHeld())).toBe(true);
  });

  const isHeld = (path: string) => takePlace(path, (turn) => turn.isHeld());

  it("that somebody ended is nobody's", async () => {
    const ended = takePlace(at.path, (turn) => {
      rmSync(at.lock);
      return turn.isHeld();
    });
    expect(await ended).toBe(false);
  });

  it("is none where it cannot be found out who has it", async () => {
    mkdirSync(at.lock);
    expect(await isHeld(at.path)).toBe(false);
    const loop = join(fresh(), "loop");
    symlinkSync("loop", loop);
    expect(await isHeld(join(loop, "to"))).toBe(false);
  });

  it.runIf(process.getuid?.() === 0)("is none where another user made the place of the locks", async () => {
    chownSync(at.locks, 12_345, 12_345);
    expect(await isHeld(at.path)).toBe(false);
    expect(readdirSync(at.locks)).toEqual([]);
  });

  it("is none where others can write to what says whose it is", async () => {
    chmodSync(at.locks, 0o777);
    expect(await takePlace(at.path, async (turn) => [turn.id, await turn.isHeld()])).toEqual(["", false]);
    await takePlace(at.path, (turn) => turn.include(process.pid));
    expect(readdirSync(at.locks)).toEqual([]);
  });
});
