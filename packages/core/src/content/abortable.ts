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
  let [over, stop] = [false, (_reason: unknown): void => undefined];
  const leaveWithReason = () => stop(signal.reason);
  signal.addEventListener("abort", leaveWithReason, { once: true });
  try {
    for (;;) {
      signal.throwIfAborted();
      // A promise for each piece: one that waits for the signal alone would keep every piece that was raced with it.
      const next = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
        stop = reject;
        Promise.resolve(pieces.next()).then(resolve, reject);
      });
      over = next.done === true;
      if (over) return;
      yield next.value as Uint8Array;
    }
  } catch (error) {
    // A source that failed has ended; one that was left has not.
    over = !signal.aborted;
    throw error;
  } finally {
    // It may live long.
    signal.removeEventListener("abort", leaveWithReason);
    if (!over) leave(source, pieces);
  }
}

function leave(source: AsyncIterable<Uint8Array>, pieces: AsyncIterator<Uint8Array>): void {
  pieces.return?.().catch(() => undefined);
  // A generator, and so a Node stream's iterator, ends after its next piece only; the stream itself can be told at once.
  const { destroy } = source as { destroy?: unknown };
  if (typeof destroy === "function") destroy.call(source);
}
