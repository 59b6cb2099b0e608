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
  const aborted = onceAborted(signal);
  let over = false;
  try {
    for (;;) {
      const next = await Promise.race([pieces.next(), aborted.reason]);
      over = next.done === true;
      if (over) return;
      yield next.value as Uint8Array;
    }
  } catch (error) {
    // A source that failed has ended; one that was left has not.
    over = !signal.aborted;
    throw error;
  } finally {
    aborted.forget();
    if (!over) leave(source, pieces);
  }
}

function leave(source: AsyncIterable<Uint8Array>, pieces: AsyncIterator<Uint8Array>): void {
  pieces.return?.().catch(() => undefined);
  // A generator, and so a Node stream's iterator, ends after its next piece only; the stream itself can be told at once.
  const { destroy } = source as { destroy?: unknown };
  if (typeof destroy === "function") destroy.call(source);
}

/** Rejects when the signal aborts; the signal is let go of by `forget`, since it may live long. */
function onceAborted(signal: AbortSignal): { readonly reason: Promise<never>; forget(): void } {
  let abort = () => {};
  const reason = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
  });
  reason.catch(() => undefined);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  return { reason, forget: () => signal.removeEventListener("abort", abort) };
}
