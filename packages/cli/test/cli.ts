import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach } from "vitest";

/** The command as a package installs it. */
export const BIN: string = fileURLToPath(new URL("../bin/cache.cjs", import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly bytes: Uint8Array;
  readonly err: string;
}

export interface How {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  readonly uid?: number;
}

/** A directory of its own, removed afterwards, and the command with a clean environment in it. */
export class Bench {
  readonly root: string = mkdtempSync(join(tmpdir(), "cache-cli-"));
  readonly dir: string = join(this.root, "store");
  /** The home of whoever runs the command, elsewhere. */
  readonly home: string = mkdtempSync(join(tmpdir(), "cache-cli-home-"));
  /** Everything that any command printed, to be searched for secrets. */
  printed = "";

  path(name: string): string {
    return join(this.root, name);
  }

  /** Writes the user's own configuration. */
  configure(config: object): void {
    const settings = join(this.home, ".config/cache");
    mkdirSync(settings, { recursive: true, mode: 0o700 });
    writeFileSync(join(settings, "config.json"), JSON.stringify(config));
  }

  run(args: readonly string[], how: How = {}): Promise<Ran> {
    const env = { PATH: process.env.PATH, HOME: this.home, CACHE_DIR: this.dir, ...how.env };
    const child = spawn(process.execPath, [BIN, ...args], { cwd: how.cwd ?? this.root, env, uid: how.uid });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (piece: Buffer) => out.push(piece));
    child.stderr.on("data", (piece: Buffer) => err.push(piece));
    child.stdin.on("error", () => undefined);
    child.stdin.end(how.input ?? "");
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        const bytes = Buffer.concat(out);
        const ran = { code, bytes, out: bytes.toString(), err: Buffer.concat(err).toString() };
        this.printed += ran.out + ran.err;
        resolve(ran);
      });
    });
  }
}

/** A fresh bench for every test of a file. */
export function useBench(): () => Bench {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => {
    for (const folder of [bench.root, bench.home]) rmSync(folder, { recursive: true, force: true });
  });
  return () => bench;
}
