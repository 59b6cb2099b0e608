import type { Stat } from "@cache/core/adapter";
import { textOf } from "./answers.ts";
import { unexpected } from "./failures.ts";
import { MOST_CHUNK } from "./options.ts";

/** What the head says of a value. */
export interface Known extends Stat {
  /** Length of its pieces, of all but the last; 0 when it is in one. */
  readonly chunk: number;
}

const SHAPE = /^([0-9a-f]{32}) (\d{1,16}) (\d{1,16}) \d{1,17} (\d{1,8})$/;

/** Of text that this package wrote. @throws CacheError `ERR_CACHE_STORE` for any other: somebody else wrote there */
export function parseKnown(doing: string, answer: unknown): Known {
  const known = knownOf(textOf(doing, answer));
  if (known === undefined) throw unexpected(doing, "what lies there was not written by a store of this kind");
  return known;
}

/** The same; undefined for text that this package did not write. */
export function knownOf(text: string): Known | undefined {
  const [, version = "", modified, size, chunk] = SHAPE.exec(text) ?? [];
  const known = { version, modified: Number(modified), size: Number(size), chunk: Number(chunk) };
  const isPossible =
    Number.isSafeInteger(known.modified) &&
    Number.isSafeInteger(known.size) &&
    known.chunk <= MOST_CHUNK &&
    (known.chunk > 0 || known.size <= MOST_CHUNK);
  return isPossible ? known : undefined;
}
