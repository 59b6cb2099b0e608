import { Buffer } from "node:buffer";
import { Writable } from "node:stream";
import { CacheError } from "@cache/core";

/** Takes the body of a response, and gives it on when it is whole. One that is longer than it may be is given up. */
export class BodyWriter extends Writable {
  readonly #limit: number;
  readonly #keep: (body: Uint8Array) => Promise<void>;
  #pieces: Buffer[] = [];
  #length = 0;

  /** @param keep - stores a body that ended */
  constructor(limit: number, keep: (body: Uint8Array) => Promise<void>) {
    super();
    this.#limit = limit;
    this.#keep = keep;
  }

  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error) => void): void {
    this.#length += chunk.byteLength;
    if (this.#length > this.#limit) {
      this.#pieces = [];
      done(new CacheError("ERR_CACHE_LIMIT", `a body is longer than ${this.#limit} bytes`));
      return;
    }
    // A copy: nothing says that the buffer is not used again.
    this.#pieces.push(Buffer.from(chunk));
    done();
  }

  override _final(done: (error?: Error) => void): void {
    this.#keep(Buffer.concat(this.#pieces)).then(() => done(), done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#pieces = [];
    done(error);
  }
}
