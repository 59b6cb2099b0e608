import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { Service } from "./service.mjs";

/** @typedef {import("./signature.mjs").Credentials} Credentials */
/** @typedef {import("./service.mjs").Fault} Fault */
/** @typedef {import("./service.mjs").Interference} Interference */
/** @typedef {import("./operations.mjs").Operation} Operation */

/**
 * A server of S3 that is up.
 * @typedef {object} Server
 * @property {string} name - what it is, for a report
 * @property {string} url - its endpoint, without a bucket
 * @property {string} bucket - one that is there, and empty
 * @property {string} region
 * @property {Credentials} credentials - that may do everything in it
 * @property {boolean} keeps - what it stored, when it is killed
 * @property {readonly ("credentials" | "deletes beside puts" | "rare refusals")[]} lacks - what it is known not to look at, or not to keep apart
 * @property {() => Promise<void>} kill - at once: whoever waits for an answer gets none
 * @property {() => Promise<void>} restart - on the same port, with what it had stored
 * @property {() => Promise<void>} stop
 */

/**
 * What only an imitation can do.
 * @typedef {object} Imitated
 * @property {readonly Operation[]} requests - every operation asked for, in order; what is refused counts
 * @property {(interference?: Interference) => void} interfere - harm to requests from now on; nothing ends it
 * @property {() => Credentials} expire - the credentials end now; gives the next ones
 * @property {(count: number, keyOf: (index: number) => string) => void} fill - objects of 20 bytes, past the protocol
 * @property {() => readonly string[]} keys - of every object, in the order of their UTF-8
 * @property {() => number} uploads - uploads in parts that were begun and not ended
 */

/**
 * An imitation of S3 on a port of this machine, with one bucket in memory.
 * @param {{ bucket?: string, region?: string, sessionToken?: boolean }} [options]
 * @returns {Promise<Server & Imitated>}
 */
export async function startImitation({ bucket = "cache", region = "eu-central-1", sessionToken = false } = {}) {
  const service = new Service(bucket, region, newCredentials(sessionToken));
  const listener = new Listener(service);
  await listener.listen(0);
  return {
    name: "imitation",
    keeps: true,
    lacks: [],
    url: `http://127.0.0.1:${listener.port}`,
    bucket,
    region,
    get credentials() {
      return service.current;
    },
    requests: service.requests,
    kill: () => listener.close(),
    restart: () => listener.listen(listener.port),
    stop: () => listener.close(),
    interfere(interference = () => undefined) {
      service.interference = interference;
    },
    expire() {
      service.expired.push(service.current);
      service.current = newCredentials(sessionToken);
      return service.current;
    },
    fill(count, keyOf) {
      for (let index = 0; index < count; index++) service.objects.put(keyOf(index), Buffer.alloc(20, index), {});
    },
    keys: () => service.objects.keys(),
    uploads: () => service.uploads.all().length,
  };
}

/** The connections to a service. */
class Listener {
  port = 0;
  #service;
  #server = createServer();

  /** @param {Service} service */
  constructor(service) {
    this.#service = service;
  }

  /** @param {number} port */
  async listen(port) {
    const server = createServer(
      (request, response) => void this.#service.answer(request, response).catch(() => request.socket.destroy()),
    );
    this.#server = server;
    await new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => resolve(undefined));
    });
    this.port = /** @type {import("node:net").AddressInfo} */ (server.address()).port;
  }

  async close() {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

/** @param {boolean} session */
function newCredentials(session) {
  const random = (/** @type {number} */ length) => randomBytes(length).toString("hex");
  const token = session ? { sessionToken: random(40) } : {};
  return { accessKeyId: `AK${random(8).toUpperCase()}`, secretAccessKey: random(20), ...token };
}
