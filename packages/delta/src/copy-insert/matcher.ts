import { InstructionWriter } from "./instructions.ts";
import { BLOCK, hashAt, type ReferenceIndex, roll } from "./reference-index.ts";

/** Shortest copy where the last one would go on: it costs three bytes. */
const LEAST = 16;

/** Finds windows of a target in a reference. Each byte is hashed once and compared with a bounded number of places. */
export class Matcher {
  readonly #reference: Uint8Array;
  readonly #index: ReferenceIndex;
  readonly #writer = new InstructionWriter();
  /** Bytes inserted since the last copy, by windows before. */
  #inserted = 0;

  constructor(reference: Uint8Array, index: ReferenceIndex) {
    this.#reference = reference;
    this.#index = index;
  }

  /** Instructions that make the next window of the target. */
  encode(window: Uint8Array): Uint8Array {
    let done = 0;
    let at = 0;
    let hash: number | undefined;
    while (at + LEAST <= window.byteLength) {
      const isBlock = at + BLOCK <= window.byteLength;
      if (isBlock) hash ??= hashAt(window, at);
      const from = this.#find(window, { at, done, hash: isBlock ? hash : undefined });
      if (from === -1) {
        if (hash !== undefined && at + BLOCK < window.byteLength)
          hash = roll(hash, window[at] as number, window[at + BLOCK] as number);
        at += 1;
        continue;
      }
      const before = this.#before(window, { at, done, from });
      const after = this.#after(window, at, from);
      this.#writer.insert(window.subarray(done, at - before));
      this.#writer.copy(from - before, before + after);
      at += after;
      done = at;
      this.#inserted = 0;
      hash = undefined;
    }
    this.#writer.insert(window.subarray(done));
    this.#inserted += window.byteLength - done;
    return this.#writer.take();
  }

  /**
   * Where in the reference the bytes at `at` are: first where the last copy would have gone on, as after a change in place; then
   * where the index says.
   */
  #find(window: Uint8Array, { at, done, hash }: { at: number; done: number; hash: number | undefined }): number {
    const onward = this.#writer.end + this.#inserted + at - done;
    if (this.#isEqual(window, at, onward, LEAST)) return onward;
    const found = hash === undefined ? -1 : this.#index.find(hash);
    return found >= 0 && this.#isEqual(window, at, found, BLOCK) ? found : -1;
  }

  #isEqual(window: Uint8Array, at: number, from: number, length: number): boolean {
    for (let i = 0; i < length; i++) if (window[at + i] !== this.#reference[from + i]) return false;
    return true;
  }

  /** Equal bytes before, back to what is done. */
  #before(window: Uint8Array, { at, done, from }: { at: number; done: number; from: number }): number {
    const most = Math.min(at - done, from);
    let length = 0;
    while (length < most && window[at - length - 1] === this.#reference[from - length - 1]) length += 1;
    return length;
  }

  /** Equal bytes from here on. */
  #after(window: Uint8Array, at: number, from: number): number {
    const most = Math.min(window.byteLength - at, this.#reference.byteLength - from);
    let length = 0;
    while (length < most && window[at + length] === this.#reference[from + length]) length += 1;
    return length;
  }
}
