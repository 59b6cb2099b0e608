import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** @typedef {import("./server.ts").Server} Server */
/** @typedef {import("./server.ts").RealOptions} RealOptions */

/**
 * The real server, as this machine has it installed; `program` may name Valkey's.
 * @param {RealOptions} [options]
 * @returns {Promise<Server | import("./server.ts").Unavailable>}
 */
export async function startReal(options = {}) {
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

/** @implements {Server} */
class RealServer {
  host = "127.0.0.1";
  #folder = mkdtempSync(join(tmpdir(), "cache-redis-"));
  #program;
  #options;
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #child;

  /** @param {string} program @param {string} name @param {number} port @param {RealOptions} options */
  constructor(program, name, port, options) {
    this.#program = program;
    this.name = name;
    this.port = port;
    this.#options = options;
    this.password = options.password;
  }

  async restart() {
    const child = spawn(this.#program, this.#arguments(), { stdio: "ignore" });
    this.#child = child;
    process.once("exit", this.#onExit);
    while (!(await answers(this.host, this.port))) {
      if (child.exitCode !== null) throw new Error(`${this.#program} ended with ${child.exitCode} as it was started`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async kill() {
    const child = this.#child;
    this.#child = undefined;
    process.removeListener("exit", this.#onExit);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const over = once(child, "exit");
    child.kill("SIGKILL");
    await over;
  }

  async stop() {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** A test that failed before it could stop the server leaves none behind. */
  #onExit = () => {
    this.#child?.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  };

  #arguments() {
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

/**
 * Whether somebody answers there, and is not still reading its data: whoever is not known yet is told so at once.
 * @param {string} host
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function answers(host, port) {
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
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  server.close();
  await once(server, "close");
  return port;
}
