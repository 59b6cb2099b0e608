import { type FileHandle, open } from "node:fs/promises";
import { storeError } from "@cache/core/adapter";
import { crypto } from "@cache/core/crypto";
import { removeQuietly } from "../extract/private-directory.ts";

/** Something that was written, and where. */
export interface Spooled {
  readonly at: number;
  readonly size: number;
  /** SHA-256, 32 bytes. */
  readonly digest: Uint8Array;
}

const PIECE = 262_144;

/** A private file that holds the stored bytes of members until their manifest is known, which stands before them. */
export class Spool {
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #signal: AbortSignal | undefined;
  #end = 0;

  private constructor(handle: FileHandle, path: string, signal: AbortSignal | undefined) {
    this.#handle = handle;
    this.#path = path;
    this.#signal = signal;
  }

  static async open(path: string, signal: AbortSignal | undefined): Promise<Spool> {
    const handle = await open(path, "wx+", 0o600).catch((error: unknown) => {
      throw storeError("making a temporary file", error);
    });
    return new Spool(handle, path, signal);
  }

  async add(source: AsyncIterable<Uint8Array>): Promise<Spooled> {
    const [hash, at] = [crypto.sha256Stream(), this.#end];
    for await (const piece of source) {
      this.#signal?.throwIfAborted();
      hash.update(piece);
      await this.#write(piece);
    }
    return { at, size: this.#end - at, digest: hash.digest() };
  }

  /** Forgets what was added last. */
  takeBack({ at }: Spooled): void {
    this.#end = at;
  }

  /** What was added, if it is still that: a package whose members are not what its manifest states is not made. */
  async *stream({ at, size, digest }: Spooled): AsyncGenerator<Uint8Array> {
    const hash = crypto.sha256Stream();
    for (let done = 0; done < size; done += PIECE) {
      this.#signal?.throwIfAborted();
      const bytes = new Uint8Array(Math.min(PIECE, size - done));
      // What became shorter gives fewer bytes than there is room for, and so another digest.
      await this.#handle.read(bytes, 0, bytes.byteLength, at + done);
      hash.update(bytes);
      yield bytes;
    }
    if (!crypto.equal(hash.digest(), digest)) throw storeError("reading a temporary file", new Error("it was changed"));
  }

  async remove(): Promise<void> {
    await this.#handle.close();
    await removeQuietly(this.#path);
  }

  async #write(piece: Uint8Array): Promise<void> {
    for (let done = 0; done < piece.byteLength; ) {
      const { bytesWritten } = await this.#handle
        .write(piece, done, piece.byteLength - done, this.#end)
        .catch((error) => {
          throw storeError("writing a temporary file", error);
        });
      done += bytesWritten;
      this.#end += bytesWritten;
    }
  }
}
