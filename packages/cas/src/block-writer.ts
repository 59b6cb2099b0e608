import { BLOCK } from "./descriptor.ts";
import { type Roomy, withRoom } from "./full-medium.ts";
import type { TemporaryFile } from "./temporary.ts";

/**
 * Gathers pieces of any size into blocks and writes each while the next is being gathered. Pieces are copied, because
 * their owner may use their memory again as soon as it is asked for the next.
 */
export class BlockWriter {
  readonly #medium: Roomy;
  readonly #create: () => Promise<TemporaryFile>;
  #file: TemporaryFile | undefined;
  #block: Uint8Array = new Uint8Array(BLOCK);
  #spare: Uint8Array | undefined;
  #used = 0;
  /** Where the gathered block belongs. It begins behind the head, whose place stays a hole until all else is written. */
  #position: number;
  #writing: Promise<void> = Promise.resolve();

  /** @param create - called when there is something to write, so that a body that fails early costs no file */
  constructor(medium: Roomy, create: () => Promise<TemporaryFile>, headLength: number) {
    this.#medium = medium;
    this.#create = create;
    this.#position = headLength;
  }

  get isFull(): boolean {
    return this.#used === BLOCK;
  }

  /** Copies what fits of a piece. @returns how much that was */
  take(piece: Uint8Array, from: number): number {
    const part = piece.subarray(from, from + BLOCK - this.#used);
    this.#block.set(part, this.#used);
    this.#used += part.byteLength;
    return part.byteLength;
  }

  /** Begins to write what was gathered. Resolves, or rejects, when the block before it is written. */
  async flush(): Promise<void> {
    await this.#writing;
    this.#file ??= await this.#create();
    const [file, block, position] = [this.#file, this.#block.subarray(0, this.#used), this.#position];
    this.#writing = withRoom(this.#medium, () => file.writeLater(block, position));
    // The next step rejects with it; until then it is not unhandled.
    this.#writing.catch(() => undefined);
    this.#position += this.#used;
    [this.#block, this.#spare] = [this.#spare ?? new Uint8Array(BLOCK), this.#block];
    this.#used = 0;
  }

  /** Writes the rest, and the head in front. */
  async end(head: Uint8Array): Promise<TemporaryFile> {
    await this.#writing;
    this.#file ??= await this.#create();
    const file = this.#file;
    await withRoom(this.#medium, async () => {
      file.write(this.#block.subarray(0, this.#used), this.#position);
      file.write(head, 0);
    });
    return file;
  }

  /** Drops what was written. A write that is under way is waited for: its descriptor must not become another file's. */
  async discard(): Promise<void> {
    await this.#writing.catch(() => undefined);
    this.#file?.discard();
  }
}
