/**
 * Runs `work` over the items with at most so many at once. The first failure stops what has not begun, and is thrown when
 * everything that has begun is over.
 */
export async function forEachLimited<T>(
  items: Iterable<T>,
  limit: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const failures: unknown[] = [];
  const worker = async () => {
    try {
      for (let next = iterator.next(); next.done !== true && failures.length === 0; next = iterator.next()) {
        await work(next.value);
      }
    } catch (error) {
      failures.push(error);
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  if (failures.length > 0) throw failures[0];
}

/** As {@link forEachLimited}, over what comes one by one; what is left of it when something fails is not asked for. */
export async function forEachComing<T>(
  items: AsyncIterable<T>,
  limit: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const failures: unknown[] = [];
  async function* untilFailure(): AsyncGenerator<T, void, undefined> {
    for await (const item of items) {
      if (failures.length > 0) return;
      yield item;
    }
  }
  const coming = untilFailure();
  const worker = async () => {
    try {
      for (let next = await coming.next(); next.done !== true; next = await coming.next()) await work(next.value);
    } catch (error) {
      failures.push(error);
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  // Whoever failed may have been the last to ask.
  await coming.return();
  if (failures.length > 0) throw failures[0];
}
