import { type AddressInfo, createServer, type Server as NetServer, type Socket } from "node:net";
import { Machine } from "./machine.ts";
import { encode } from "./protocol/encode.ts";
import { Refusal } from "./protocol/reply.ts";
import { ProtocolError, Requests } from "./protocol/requests.ts";
import type { Server, ServerOptions } from "./server.ts";
import { type Host, Session } from "./session.ts";

/** A server in this process that speaks the protocol over TCP, with the commands that the tests use. */
export async function startImitation(options: ServerOptions = {}): Promise<Server> {
  const imitation = new Imitation(options);
  await imitation.restart();
  return imitation;
}

class Imitation implements Server, Host {
  readonly name = "imitation";
  readonly host = "127.0.0.1";
  readonly password: string | undefined;
  port = 0;
  machine: Machine;
  readonly #options: ServerOptions;
  readonly #sockets = new Set<Socket>();
  #server: NetServer | undefined;
  #ids = 0;
  #pausedUntil = 0;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.password = options.password;
    this.machine = this.#empty();
  }

  async restart(): Promise<void> {
    const server = createServer((socket) => this.#serve(socket));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.port, this.host, resolve);
    });
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async kill(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.resetAndDestroy();
    if (this.#options.appendonly !== true) this.machine = this.#empty();
    this.#pausedUntil = 0;
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  stop(): Promise<void> {
    return this.kill();
  }

  pause(milliseconds: number): void {
    this.#pausedUntil = Date.now() + milliseconds;
  }

  #empty(): Machine {
    const { maxmemory = 0, policy = "noeviction" } = this.#options;
    return new Machine({ maxmemory, policy });
  }

  #serve(socket: Socket): void {
    const [session, requests] = [new Session(this, ++this.#ids), new Requests()];
    const waiting: Buffer[][] = [];
    const serve = () => {
      const left = this.#pausedUntil - Date.now();
      if (left > 0) setTimeout(serve, left).unref();
      else for (const words of waiting.splice(0)) this.#reply(socket, session, words);
    };
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("close", () => this.#sockets.delete(socket));
    // The other side tore the connection: nobody is left to be told.
    socket.on("error", () => socket.destroy());
    socket.on("data", (bytes) => {
      try {
        for (const words of requests.push(bytes)) waiting.push(words);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        socket.end(encode(new Refusal(error.message), session.version));
      }
      serve();
    });
  }

  #reply(socket: Socket, session: Session, words: Buffer[]): void {
    if (socket.destroyed) return;
    const reply = session.answer(words);
    socket.write(encode(reply, session.version));
    if (session.isOver) socket.end();
  }
}
