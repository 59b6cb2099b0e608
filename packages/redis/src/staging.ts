import type { PutResult } from "@cache/core/adapter";
import { textOf } from "./answers.ts";
import type { Connection } from "./connection.ts";
import { STAGE } from "./scripts/write.ts";

const DOING = "writing a value";
/** How long pieces wait for the next, in milliseconds; then whoever wrote them is taken to be gone. */
const PATIENCE = 600_000;
/** Pieces that are under way at once. */
const WINDOW = 8;

/** Writes the pieces of one value, which nobody sees until it is published, and which go by themselves if it never is. */
export class Staging {
  readonly key: string;
  readonly #connection: Connection;
  readonly #signal: AbortSignal | undefined;
  readonly #under: Promise<unknown>[] = [];
  #isBegun = false;

  constructor(connection: Connection, key: string, signal: AbortSignal | undefined) {
    this.key = key;
    this.#connection = connection;
    this.#signal = signal;
  }

  /** Begins to write a piece, and waits until few enough are under way. */
  async add(at: number, bytes: Uint8Array): Promise<void> {
    this.#isBegun = true;
    const errand = { doing: DOING, key: this.key, signal: this.#signal };
    const call = { script: STAGE, keys: [this.key], args: [String(at), bytes, String(PATIENCE)] };
    const written = this.#connection.run(errand, call).then((answer) => textOf(DOING, answer));
    // Awaited below, or of no interest any more after an earlier one failed.
    written.catch(() => undefined);
    this.#under.push(written);
    if (this.#under.length >= WINDOW) await this.#under.shift();
  }

  /** Adds pieces until all are there. When that fails nothing is left of them. */
  async write<T>(pieces: () => Promise<T>): Promise<T> {
    try {
      const result = await pieces();
      for (const each of this.#under.splice(0)) await each;
      this.#signal?.throwIfAborted();
      return result;
    } catch (error) {
      await this.discard();
      throw error;
    }
  }

  /** Of pieces that another value won over nothing is left. What failed may have been done, and its pieces stay. */
  async publish(publishing: () => Promise<PutResult>): Promise<PutResult> {
    const result = await publishing();
    if (!result.written) await this.discard();
    return result;
  }

  /** Takes the pieces away that will not be published. */
  async discard(): Promise<void> {
    if (!this.#isBegun) return;
    await Promise.allSettled(this.#under.splice(0));
    try {
      await this.#connection.send({ doing: DOING, key: this.key }, ["UNLINK", this.key]);
    } catch {
      // They go by themselves, and why the put failed is what its caller has to hear.
    }
  }
}
