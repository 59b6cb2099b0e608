import { CacheError } from "@cache/core";
import { concat, fromUtf8, toHex, utf8 } from "@cache/core/bytes";

export const malformed = (why: string): CacheError =>
  new CacheError("ERR_CACHE_FORMAT", `not what a root signs: ${why}`);

/** Reads fields one after another, and refuses to read past the end. */
export class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.byteLength) throw malformed("it ends early");
    const taken = this.#bytes.slice(this.#at, end);
    this.#at = end;
    return taken;
  }

  byte(): number {
    return this.take(1)[0] as number;
  }

  count(most: number): number {
    const [high = 0, low = 0] = this.take(2);
    const count = high * 256 + low;
    if (count > most) throw malformed(`a count is above ${most}`);
    return count;
  }

  end(): void {
    if (this.#at !== this.#bytes.byteLength) throw malformed("bytes are left over");
  }
}

const counted = (count: number): Uint8Array => Uint8Array.of(count >> 8, count & 255);

/** A list has one order, so one set has one form. */
function requireRising(items: readonly Uint8Array[]): void {
  const shown = items.map(toHex);
  if (shown.some((each, at) => at > 0 && each <= (shown[at - 1] as string)))
    throw malformed("a list is not in order, or names something twice");
}

const sorted = (items: readonly Uint8Array[]): Uint8Array[] =>
  items
    .map((item) => [toHex(item), item] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, item]) => item);

/** A count and ids of 16 bytes, rising. @throws CacheError `ERR_CACHE_FORMAT` for one twice */
export function encodeIds(ids: readonly Uint8Array[]): Uint8Array {
  const rising = sorted(ids);
  requireRising(rising);
  return concat(counted(rising.length), ...rising);
}

export function readIds(from: Reader, most: number): Uint8Array[] {
  const ids = Array.from({ length: from.count(most) }, () => from.take(16));
  requireRising(ids);
  return ids;
}

/** Longest name or namespace in bytes. */
const LONGEST = 255;

/** A count and texts with their lengths, rising by their bytes. @throws CacheError `ERR_CACHE_FORMAT` for one twice */
export function encodeTexts(texts: readonly string[], least: number): Uint8Array {
  const rising = sorted(texts.map(utf8));
  requireRising(rising);
  for (const { byteLength } of rising)
    if (byteLength < least || byteLength > LONGEST) throw malformed(`a name has ${least} to ${LONGEST} bytes`);
  return concat(counted(rising.length), ...rising.flatMap((text) => [counted(text.byteLength), text]));
}

export function readTexts(from: Reader, most: number, least: number): string[] {
  const texts = Array.from({ length: from.count(most) }, () => from.take(from.count(LONGEST)));
  requireRising(texts);
  return texts.map((text) => {
    if (text.byteLength < least) throw malformed("a name is empty");
    try {
      return fromUtf8(text);
    } catch {
      throw malformed("a name is not UTF-8");
    }
  });
}
