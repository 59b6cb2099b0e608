import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Server, ServerOptions, Unavailable } from "./server.ts";

/** What only the real server can be told. */
export interface RealOptions extends ServerOptions {
  /** What is run. @defaultValue what REDIS_SERVER says, or `redis-server` */
  readonly program?: string | undefined;
  /** Further words for its command line. */
  readonly more?: readonly string[] | undefined;
}

/** The real server, as this machine has it installed; `program` may name Valkey's. */
export async function startReal(options: RealOptions = {}): Promise<Server | Unavailable> {
  const { program = process.env.REDIS_SERVER ?? "redis-server" } = options;
  const said = spawnSync(program, ["--version"], { encoding: "utf8" });
  if (said.status !== 0) {
    return {
      unavailable: `${program} cannot be run: install redis-server or valkey-server, or name one in REDIS_SERVER`,
    };
  }
  const version = /v=(\S+)/.exec(said.stdout)?.[1] ?? "of an unknown version";
  const product = /valkey/i.test(said.stdout) ? "Valkey" : "Redis";
  const server = new RealServer(program, `${product} ${version}`, await freePort(), options);
  await server.restart();
  return server;
}

class RealServer implements Server {
  readonly name: string;
  readonly host = "127.0.0.1";
  readonly port: number;
  readonly password: string | undefined;
  readonly #program: string;
  readonly #options: RealOptions;
  readonly #folder: string = mkdtempSync(join(tmpdir(), "cache-redis-"));
  #child: ChildProcess | undefined;

  constructor(program: string, name: string, port: number, options: RealOptions) {
    this.#program = program;
    this.name = name;
    this.port = port;
    this.#options = options;
    this.password = options.password;
  }

  async restart(): Promise<void> {
    const child = spawn(this.#program, this.#arguments(), { stdio: "ignore" });
    this.#child = child;
    process.once("exit", this.#onExit);
    while (!(await answers(this.host, this.port))) {
      if (child.exitCode !== null) throw new Error(`${this.#program} ended with ${child.exitCode} as it was started`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    process.removeListener("exit", this.#onExit);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const over = once(child, "exit");
    child.kill("SIGKILL");
    await over;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** A test that failed before it could stop the server leaves none behind. */
  readonly #onExit = (): void => {
    this.#child?.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  };

  #arguments(): string[] {
    const { password, maxmemory, policy = "noeviction", appendonly = false } = this.#options;
    return [
      ...["--port", String(this.port), "--bind", this.host, "--dir", this.#folder, "--save", ""],
      ...["--appendonly", appendonly ? "yes" : "no", "--appendfsync", "always", "--maxmemory-policy", policy],
      ...(maxmemory === undefined ? [] : ["--maxmemory", String(maxmemory)]),
      ...(password === undefined ? [] : ["--requirepass", password]),
      ...(this.#options.more ?? []),
    ];
  }
}

/** Whether somebody answers there, and is not still reading its data: whoever is not known yet is told so at once. */
function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host, () => socket.write("PING\r\n"));
    socket.once("data", (bytes) => {
      socket.destroy();
      resolve(/^(?:\+PONG|-NOAUTH)/.test(bytes.toString()));
    });
    socket.once("error", () => resolve(false));
  });
}

/** A port that nobody listens at now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
