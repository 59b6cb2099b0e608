import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { CacheError, storeError } from "@cache/core/adapter";
import { malformed } from "../malformed.ts";

/** Pieces of at most this many bytes. */
const PIECE = 262_144;

/** A package file that is open. Everything is read through one descriptor: another file put in its place is not looked at. */
export class PackageFile {
  readonly #handle: FileHandle;
  /** Length in bytes when it was opened. */
  readonly size: number;

  private constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.size = size;
  }

  /** @throws CacheError `ERR_CACHE_STORE`, `ERR_CACHE_FORMAT` for what is no file */
  static async open(path: string): Promise<PackageFile> {
    // Not blocking: a FIFO in its place would otherwise wait for a writer for ever.
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((error: unknown) => {
      throw storeError("opening the package", error);
    });
    try {
      const found = await handle.stat();
      if (!found.isFile()) throw malformed("package", "it is not a file");
      return new PackageFile(handle, found.size);
    } catch (error) {
      await handle.close();
      throw storeError("looking at the package", error);
    }
  }

  /** Bytes that are all there. @throws CacheError `ERR_CACHE_FORMAT` when the file ends before them */
  async read(at: number, length: number): Promise<Uint8Array> {
    if (at + length > this.size) throw malformed("package", "it ends early");
    const bytes = new Uint8Array(length);
    await this.#fill(bytes, at);
    return bytes;
  }

  /** The bytes of a range, piece by piece. @throws CacheError `ERR_CACHE_FORMAT` when the file ends before them */
  async *stream(at: number, length: number, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    for (let done = 0; done < length; done += PIECE) {
      signal?.throwIfAborted();
      yield await this.read(at + done, Math.min(PIECE, length - done));
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #fill(bytes: Uint8Array, at: number): Promise<void> {
    for (let done = 0; done < bytes.byteLength; ) {
      const { bytesRead } = await this.#handle.read(bytes, done, bytes.byteLength - done, at + done).catch((error) => {
        throw storeError("reading the package", error);
      });
      // It was as long when it was opened.
      if (bytesRead === 0) throw new CacheError("ERR_CACHE_AUTH", "the package became shorter while it was read");
      done += bytesRead;
    }
  }
}
