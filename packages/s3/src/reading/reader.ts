import { CacheError, storeError } from "@cache/core/adapter";
import { collect } from "@cache/core/bytes";
import type { S3Object } from "../bucket.ts";
import type { Context } from "../context.ts";
import { PatientBody, STEP } from "./patience.ts";

/** How often in a row a body may break before a step of it came. */
const MOST_BREAKS = 4;
/** A body that stalled may be the connection's fault, once; a server that drips must not keep its reader for ever. */
const OF_A_STALL = 3;

/** Up to here memory is taken for what a server announces. */
const LONGEST_ANNOUNCED = 16 * 1024 * 1024;

/** Offsets into an object. */
export interface Span {
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Hands out a part of one version of an object. A body that breaks is asked for again from where it broke, for the
 * same version only; so is one whose reader paused for so long that the connection was better given back.
 */
export class Reader {
  readonly #context: Context;
  readonly #span: Span;
  readonly #size: number;
  readonly #etag: string;
  readonly #signal: AbortSignal | undefined;
  #body: PatientBody | undefined;
  /** Offset of the next byte that comes, and of the next one to hand out. */
  #at: number;
  #position: number;
  #breaks = 0;
  #brokenAt = 0;
  #pause: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param context - of the store
   * @param object - the first answer
   * @param span - what of it is wanted
   * @param signal - ends it
   */
  constructor(context: Context, object: S3Object, span: Span, signal: AbortSignal | undefined) {
    this.#context = context;
    this.#span = { ...span, end: Math.max(span.start, Math.min(span.end, object.size)) };
    this.#size = object.size;
    this.#etag = object.etag;
    this.#signal = signal;
    this.#at = object.start;
    this.#position = span.start;
    this.#body = new PatientBody(object.body, context.timeout, signal);
    this.#beginPause();
  }

  /** All of it at once. */
  async whole(): Promise<Uint8Array> {
    const length = this.#span.end - this.#span.start;
    // What was announced may be a lie: memory for much of it is taken only as it comes.
    if (length > LONGEST_ANNOUNCED) return collect(this.pieces());
    const out = new Uint8Array(length);
    let at = 0;
    for await (const piece of this.pieces()) {
      out.set(piece, at);
      at += piece.byteLength;
    }
    return out;
  }

  /** Each a buffer that nobody else writes to. */
  async *pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      while (this.#position < this.#span.end) {
        const piece = await this.#next();
        if (piece === undefined) continue;
        this.#beginPause();
        yield piece;
      }
      await this.#finish();
    } finally {
      this.end();
    }
  }

  /** Gives the connection back. */
  end(): void {
    clearTimeout(this.#pause);
    this.#body?.end();
    this.#body = undefined;
  }

  /** While its user is at work with a piece, or has not begun, the connection waits for so long and no longer. */
  #beginPause(): void {
    this.#pause = setTimeout(() => this.end(), this.#context.timeout);
  }

  async #next(): Promise<Uint8Array | undefined> {
    clearTimeout(this.#pause);
    try {
      this.#body ??= await this.#reopen();
      const piece = await this.#body.next();
      if (piece === undefined) throw new Error("the body ended before its end");
      return this.#wanted(piece);
    } catch (error) {
      this.end();
      this.#signal?.throwIfAborted();
      if (error instanceof CacheError) throw error;
      this.#countBreak(error);
      return undefined;
    }
  }

  /** The part of a piece that lies in the span. */
  #wanted(piece: Uint8Array): Uint8Array | undefined {
    const from = this.#position - this.#at;
    const to = Math.min(piece.byteLength, this.#span.end - this.#at);
    if (from < 0) throw new CacheError("ERR_CACHE_STORE", "the store sent another range of a value");
    this.#at += piece.byteLength;
    if (to <= from) return undefined;
    this.#position += to - from;
    return own(piece.subarray(from, to));
  }

  #countBreak(error: unknown): void {
    if (this.#position - this.#brokenAt >= STEP) this.#breaks = 0;
    this.#brokenAt = this.#position;
    this.#breaks += isTimeout(error) ? OF_A_STALL : 1;
    if (this.#breaks > MOST_BREAKS) throw storeError("reading a value", error, this.#signal);
  }

  async #reopen(): Promise<PatientBody> {
    const { key, end } = this.#span;
    const range = { start: this.#position, end };
    const { bucket, asker, timeout } = this.#context;
    const object = await asker.need({ doing: "reading on in a value", signal: this.#signal }, (signal) =>
      bucket.getObject(key, { range, ifMatch: this.#etag, signal }),
    );
    const body = new PatientBody(object.body, timeout, this.#signal);
    this.#at = object.start;
    if (object.etag === this.#etag) return body;
    // A server that does not know the condition sends what was put meanwhile.
    body.end();
    throw new CacheError("ERR_CACHE_STORE", "the value was put again while it was read");
  }

  /** Only a body that was read to its end leaves a connection that can be used again. */
  async #finish(): Promise<void> {
    const body = this.#body;
    if (body === undefined || this.#at !== this.#span.end) return;
    // Everything wanted is there; how the connection ends after that is no matter.
    const more = await body.next().catch(() => undefined);
    if (more !== undefined && more.byteLength > 0 && this.#at === this.#size) {
      throw new CacheError("ERR_CACHE_STORE", "the store sent more of a value than it announced");
    }
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === "TimeoutError";
}

/** A plain buffer with nothing else in it: a Node Buffer is a window of memory that others use. */
function own(bytes: Uint8Array): Uint8Array {
  const plain = Object.getPrototypeOf(bytes) === Uint8Array.prototype && bytes.byteLength === bytes.buffer.byteLength;
  return plain ? bytes : new Uint8Array(bytes);
}
