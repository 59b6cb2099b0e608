import type { Draft, Name } from "@cache/core";
import { pieces } from "../samples.ts";

/** A draft that keeps a record of how it was used. */
export interface WatchedDraft extends Draft {
  /** How often `finish` was called. */
  readonly finished: number;
  /** How often `finish` was called while the body had not ended. */
  readonly early: number;
  /** How often an iteration of the body was begun. */
  readonly begun: number;
}

/** What {@link draftOf} makes a draft of. */
export interface DraftParts {
  readonly name: Name;
  readonly head?: Uint8Array;
  readonly body: AsyncIterable<Uint8Array>;
}

/** A draft over a body, watched. */
export function draftOf({ name, head = new Uint8Array(0), body }: DraftParts): WatchedDraft {
  const seen = { finished: 0, early: 0, begun: 0, ended: false };
  async function* watched(): AsyncGenerator<Uint8Array, void, undefined> {
    seen.begun++;
    yield* body;
    seen.ended = true;
  }
  return {
    headLength: head.length,
    body: { [Symbol.asyncIterator]: watched },
    finish() {
      seen.finished++;
      if (!seen.ended) seen.early++;
      return { name, head };
    },
    get finished() {
      return seen.finished;
    },
    get early() {
      return seen.early;
    },
    get begun() {
      return seen.begun;
    },
  };
}

/** A draft of bytes in pieces of at most `size`. */
export function draftOfBytes(name: Name, bytes: Uint8Array, size = 65_536, head?: Uint8Array): WatchedDraft {
  return draftOf({ name, body: pieces(bytes, size), ...(head && { head }) });
}
