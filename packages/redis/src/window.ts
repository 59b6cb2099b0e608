/** Pieces that are under way at once: enough to hide the way there and back, few enough to be held. */
const WINDOW = 8;

/**
 * What was asked for one after the other, with the next few asked for already.
 * @param ask - for one of `count`; of those asked for in vain nobody hears
 */
export async function* inOrder<T>(
  count: number,
  ask: (at: number) => Promise<T>,
  first = 0,
  window: number = WINDOW,
): AsyncGenerator<T, void, undefined> {
  const under: Promise<T>[] = [];
  let next = first;
  while (next < count || under.length > 0) {
    while (next < count && under.length < window) under.push(quiet(ask(next++)));
    const oldest = under.shift();
    if (oldest !== undefined) yield await oldest;
  }
}

/** A failure is heard by whoever awaits it; when the iteration ended before, that is nobody. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
