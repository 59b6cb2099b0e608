import type { Draft } from "../ports/store.ts";

/** A draft that sees what a store does with it. */
export interface WatchedDraft {
  readonly draft: Draft;
  /** Whether the source of the content threw this, and not the store. */
  threw(error: unknown): boolean;
  /** @throws TypeError unless the body was read to its end and finished, once */
  requireFinished(): void;
}

/** Watches a draft, so that no store can take a beginning for the whole. */
export function watchDraft({ headLength, body, finish }: Draft): WatchedDraft {
  const thrown = new Set<unknown>();
  let ended = false;
  let finished = 0;
  async function* watched(): AsyncGenerator<Uint8Array> {
    try {
      yield* body;
    } catch (error) {
      thrown.add(error);
      throw error;
    }
    ended = true;
  }
  const finishOnce: Draft["finish"] = () => {
    if (!ended) throw new TypeError("the store finished a stream that it had not read to its end");
    if (++finished > 1) throw new TypeError("the store finished a stream twice");
    try {
      return finish();
    } catch (error) {
      thrown.add(error);
      throw error;
    }
  };
  return {
    draft: { headLength, body: watched(), finish: finishOnce },
    threw: (error) => thrown.has(error),
    requireFinished() {
      if (finished !== 1) throw new TypeError("the store answered without finishing the stream");
    },
  };
}
