/** An iteration that failed keeps failing: a generator alone would answer "done" to whoever asks again. */
export function steadfast(pieces: AsyncGenerator<Uint8Array>): AsyncIterableIterator<Uint8Array> {
  let failure: { readonly error: unknown } | undefined;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      try {
        const next = await pieces.next();
        // Whoever asked several times at once gets the failure as often.
        if (failure === undefined) return next;
      } catch (error) {
        failure = { error };
      }
      throw failure.error;
    },
    return: () => pieces.return(undefined),
  };
}
