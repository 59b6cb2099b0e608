/**
 * The pieces of a source until a signal aborts, which ends the iteration with its reason at once, even while the source is
 * silent. The source is told to end and not waited for.
 */
export async function* abortable(
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (signal === undefined) {
    yield* source;
    return;
  }
  const pieces = source[Symbol.asyncIterator]();
  const aborting = abortingBy(signal);
  let over = false;
  try {
    for (;;) {
      const next = await aborting.before(() => pieces.next());
      over = next.done === true;
      if (over) return;
      yield next.value as Uint8Array;
    }
  } catch (error) {
    // A source that failed has ended; one that was left has not.
    over = !signal.aborted;
    throw error;
  } finally {
    aborting.forget();
    if (!over) leave(source, pieces);
  }
}

function leave(source: AsyncIterable<Uint8Array>, pieces: AsyncIterator<Uint8Array>): void {
  pieces.return?.().catch(() => undefined);
  // A generator, and so a Node stream's iterator, ends after its next piece only; the stream itself can be told at once.
  const { destroy } = source as { destroy?: unknown };
  if (typeof destroy === "function") destroy.call(source);
}

/** What a signal does to one wait after the other; it is let go of by `forget`, since it may live long. */
function abortingBy(signal: AbortSignal): { before<T>(work: () => T | Promise<T>): Promise<T>; forget(): void } {
  let leaveNow = (_reason: unknown): void => undefined;
  const leaveWithReason = () => leaveNow(signal.reason);
  signal.addEventListener("abort", leaveWithReason, { once: true });
  return {
    // A promise for each wait: one that waits for the signal alone would keep all that was ever raced with it.
    before: (work) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        leaveNow = reject;
        Promise.resolve(work()).then(resolve, reject);
      }),
    forget: () => signal.removeEventListener("abort", leaveWithReason),
  };
}
