import type { Asker } from "../asking/asker.ts";
import type { S3Bucket, S3Object, S3Range } from "../bucket.ts";
import { codeOf, isAbsence } from "../failure.ts";

/** How an honest server refuses what a condition forbids. */
const REFUSALS = new Set(["PreconditionFailed", "ConditionalRequestConflict"]);

/** Four bytes that begin with this one and count up. */
export function contentOf(first: number): Uint8Array {
  return Uint8Array.of(first, first + 1, first + 2, first + 3);
}

/** What an object is, with its first bytes. */
export type Found = Pick<S3Object, "etag" | "size" | "start"> & { readonly bytes: readonly number[] };

/** Small objects under a folder of their own, to try what a bucket keeps. */
export class Probe {
  readonly #bucket: S3Bucket;
  readonly #folder: string;
  readonly #asker: Asker;
  readonly #signal: AbortSignal | undefined;
  readonly #keys: string[] = [];

  /**
   * @param bucket - to be tried
   * @param folder - what every key begins with
   * @param asker - waits only so long
   * @param signal - ends it
   */
  constructor(bucket: S3Bucket, folder: string, asker: Asker, signal: AbortSignal | undefined) {
    this.#bucket = bucket;
    this.#folder = folder;
    this.#asker = asker;
    this.#signal = signal;
  }

  /** A key that is removed in the end. */
  newKey(name: string): string {
    const key = this.#folder + name;
    this.#keys.push(key);
    return key;
  }

  /** The key of a new object. */
  async newObject(name: string, first: number): Promise<string> {
    const key = this.newKey(name);
    await this.put(key, first, false);
    return key;
  }

  /** Whether it was written. */
  put(key: string, first: number, ifAbsent: boolean): Promise<boolean> {
    return this.unlessRefused((bucket, signal) => bucket.putObject(key, contentOf(first), { ifAbsent, signal }));
  }

  /** An object. */
  get(key: string, asked: { readonly ifMatch?: string; readonly range?: S3Range }): Promise<Found> {
    return this.ask(async (bucket, signal) => {
      const { etag, size, start, body } = await bucket.getObject(key, { ...asked, signal });
      const bytes: number[] = [];
      for (let each = await body.next(); each.done !== true; each = await body.next()) {
        if (bytes.length < 4) bytes.push(...each.value.subarray(0, 4));
      }
      return { etag, size, start, bytes };
    });
  }

  /** The first byte of an object; undefined when it is absent. */
  async first(key: string): Promise<number | undefined> {
    try {
      return (await this.get(key, {})).bytes[0];
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw error;
    }
  }

  /** Whether a condition did not forbid it. */
  async unlessRefused(send: (bucket: S3Bucket, signal: AbortSignal) => Promise<unknown>): Promise<boolean> {
    try {
      await this.ask(send);
      return true;
    } catch (error) {
      if (REFUSALS.has(codeOf(error) ?? "")) return false;
      throw error;
    }
  }

  /** Any request. */
  ask<T>(send: (bucket: S3Bucket, signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#asker.ask({ doing: "checking", signal: this.#signal }, (signal) => send(this.#bucket, signal));
  }

  /** Removes every object. What cannot be removed, a rule of the bucket removes with all else that is temporary. */
  async clean(): Promise<void> {
    const asking = { doing: "removing what was tried", signal: undefined };
    const remove = (key: string): Promise<void> =>
      this.#asker.ask(asking, (signal) => this.#bucket.deleteObject(key, { signal }));
    await Promise.allSettled(this.#keys.map(remove));
  }
}
