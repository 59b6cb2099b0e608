import { crypto } from "#platform";
import { setUint64 } from "../bytes/number.ts";
import { utf8 } from "../bytes/text.ts";
import { TAG } from "./tags.ts";

/** A longer encoding stands in its container as its SHA-256, so that what is held stays small and shared parts are quick. */
const LONGEST = 128;

/** Longer pieces are not copied to be hashed. */
const LONG_PIECE = 4096;

const encoder = new TextEncoder();

/**
 * Writes encodings one after another. Each says by its tag and its counts where it ends, so that no two lists of values
 * give the same bytes.
 */
export class Writer {
  #bytes = new Uint8Array(256);
  #view: DataView = new DataView(this.#bytes.buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  #room(bytes: number): number {
    const at = this.#length;
    if (at + bytes > this.#bytes.byteLength) {
      const larger = new Uint8Array(2 * (at + bytes));
      larger.set(this.#bytes.subarray(0, at));
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    this.#length = at + bytes;
    return at;
  }

  tag(tag: number): void {
    const at = this.#room(1);
    this.#view.setUint8(at, tag);
  }

  /** A whole number up to 2^53: 8 bytes, big-endian. */
  count(count: number): void {
    const at = this.#room(8);
    setUint64(this.#view, at, count);
  }

  /** 8 bytes of binary64, big-endian. There is one NaN: platforms differ in the bits of theirs. */
  float(value: number): void {
    const at = this.#room(8);
    this.#view.setFloat64(at, value);
    if (Number.isNaN(value)) this.#view.setBigUint64(at, 0x7ff8n << 48n);
  }

  /** Text with its tag: UTF-8; or UTF-16, for text with lone surrogates, which UTF-8 cannot tell apart. */
  text(text: string): void {
    const start = this.#length;
    const isUnicode = text.isWellFormed();
    this.tag(isUnicode ? TAG.utf8 : TAG.utf16);
    if (isUnicode && text.length <= LONG_PIECE) this.#short(text);
    else this.bytes(start, isUnicode ? utf8(text) : utf16(text));
    this.shorten(start);
  }

  #short(text: string): void {
    const at = this.#room(8 + 3 * text.length);
    const { written } = encoder.encodeInto(text, this.#bytes.subarray(at + 8));
    this.#length = at;
    this.count(written);
    this.#length += written;
  }

  /**
   * The length of some bytes and the bytes, which end the encoding that began at `start`. What is long is hashed where it
   * lies: with {@link Writer.shorten} it comes to the same.
   */
  bytes(start: number, bytes: Uint8Array): void {
    this.count(bytes.byteLength);
    if (bytes.byteLength > LONG_PIECE) {
      this.#replace(start, crypto.sha256(this.#bytes.subarray(start, this.#length), bytes));
    } else {
      const at = this.#room(bytes.byteLength);
      this.#bytes.set(bytes, at);
    }
  }

  /** Ends the encoding that began at `start`, of a value or of a text. */
  shorten(start: number): void {
    if (this.#length - start > LONGEST) this.#replace(start, crypto.sha256(this.from(start)));
  }

  #replace(start: number, digest: Uint8Array): void {
    this.#length = start;
    this.tag(TAG.digest);
    const at = this.#room(digest.byteLength);
    this.#bytes.set(digest, at);
  }

  /** What was written from there on, as long as nothing more is written. */
  from(start: number): Uint8Array {
    return this.#bytes.subarray(start, this.#length);
  }

  /** An encoding that was copied from a writer before. */
  again(encoded: Uint8Array): void {
    const at = this.#room(encoded.byteLength);
    this.#bytes.set(encoded, at);
  }
}

function utf16(text: string): Uint8Array {
  const units = new DataView(new ArrayBuffer(2 * text.length));
  for (let i = 0; i < text.length; i++) units.setUint16(2 * i, text.charCodeAt(i));
  return new Uint8Array(units.buffer);
}
