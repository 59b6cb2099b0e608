import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, it } from "vitest";
import { BIN, useBench } from "./cli.ts";

const bench = useBench();
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

/** A `cache watch` that has begun. */
class Watch {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly ended: Promise<number | null>;
  /** What it said when it began. */
  began = "";

  constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    const whole = { PATH: process.env.PATH, HOME: bench().home, CACHE_DIR: bench().dir, ...env };
    this.#child = spawn(process.execPath, [BIN, "watch", ...args], { cwd: bench().root, env: whole });
    started.push(this.#child);
    this.#lines = createInterface({ input: this.#child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
    this.ended = new Promise((resolve) => this.#child.once("close", resolve));
  }

  static async begin(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<Watch> {
    const watch = new Watch(args, env);
    const errors = createInterface({ input: watch.#child.stderr as NodeJS.ReadableStream });
    watch.began = await new Promise((resolve) => errors.once("line", resolve));
    return watch;
  }

  async line(): Promise<string> {
    return (await this.#lines.next()).value as string;
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.#child.kill(signal);
    return await this.ended;
  }

  /** As `head` does when it has seen enough. */
  leave(): void {
    this.#child.stdout?.destroy();
  }
}

/** The one file of a kind. */
function fileOf(kind: string): string {
  const base = join(bench().dir, "v1", kind);
  const [directory] = readdirSync(base) as [string];
  return join(base, directory, (readdirSync(join(base, directory)) as [string])[0]);
}

const pathOf = (file: string): string => file.slice(bench().dir.length + 1);

describe("cache watch", () => {
  it("prints a line for each alert as it comes, and ends with 3 after one of security", async () => {
    await bench().run(["put"], { input: "content" });
    const watch = await Watch.begin();
    expect(watch.began).toBe(`cache: watching ${bench().dir}; integrity only: no keys are configured`);
    const file = fileOf("blobs");
    writeFileSync(file, "kontent");
    expect(await watch.line()).toMatch(new RegExp(`^\\d{4}-[-:.T\\d]+Z damaged ${pathOf(file)}: ERR_CACHE_AUTH$`));
    chmodSync(file, 0o666);
    expect(await watch.line()).toMatch(/ permissions v1.*: mode 666, user \d+$/);
    // Whatever changes about a value has it verified again.
    expect(await watch.line()).toMatch(/ damaged /);
    rmSync(file);
    expect(await watch.line()).toMatch(/ deleted v1\/blobs\/../);
    symlinkSync("/etc", file);
    expect(await watch.line()).toMatch(/ planted v1\/blobs.*: link$/);
    expect(await watch.end("SIGTERM")).toBe(3);
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("ends with 0 by %s when nothing was wrong", async (signal) => {
    const watch = await Watch.begin();
    await bench().run(["set", "a"], { input: "value" });
    expect(await watch.line()).toMatch(/ written v1\/entries\//);
    expect(await watch.end(signal)).toBe(0);
  });

  it("verifies with the configured keys, and prints documents for programs", async () => {
    const env = { CACHE_KEYRING_FILE: bench().path("private/keys") };
    await bench().run(["keys", "new"], { env });
    const watch = await Watch.begin(["--json", "--quarantine"], env);
    await bench().run(["set", "large"], { env, input: "x".repeat(80_000) });
    const written = [1, 2, 3].map(async () => JSON.parse(await watch.line()));
    for (const alert of await Promise.all(written)) expect(alert).toMatchObject({ type: "written", level: "info" });
    const file = fileOf("blobs");
    const bytes = readFileSync(file);
    bytes[20_000] = (bytes[20_000] as number) ^ 1;
    writeFileSync(file, bytes);
    const path = pathOf(file);
    const name = `blobs/${path.split("/").pop()}`;
    expect(JSON.parse(await watch.line())).toEqual({
      ...{ type: "damaged", level: "security", path, name, code: "ERR_CACHE_AUTH", quarantined: true },
      time: expect.any(Number),
    });
    expect(await watch.end("SIGINT")).toBe(3);
    expect((await bench().run(["get", "large"], { env })).code).toBe(1);
    await bench().run(["set", "large"], { env, input: "healed" });
    expect((await bench().run(["get", "large"], { env })).out).toBe("healed");
  });

  it("ends when nobody reads what it prints any more", async () => {
    const watch = await Watch.begin();
    watch.leave();
    await bench().run(["set", "a"], { input: "value" });
    expect(await watch.ended).toBe(0);
  });

  it("refuses an interval that is none", async () => {
    for (const interval of ["soon", "5ms", ""]) {
      expect(await bench().run(["watch", "--interval", interval])).toMatchObject({ code: 2, out: "" });
    }
  });
});
