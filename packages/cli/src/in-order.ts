/** Rows of a listing that are held to be sorted: some 50 MB of them. */
const MOST_HELD = 100_000;

/** By the units of their characters, which is the same order on every machine. */
const before = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/**
 * Rows in the order of their names, as long as all of them can be held; a longer listing comes as the store has it.
 * @param nameOf - what to go by: the first part, then the next
 */
export async function* inOrder<T>(
  rows: AsyncIterable<T>,
  nameOf: (row: T) => readonly string[],
): AsyncGenerator<T, void> {
  let held: T[] = [];
  let isTooLong = false;
  for await (const row of rows) {
    if (!isTooLong && held.length < MOST_HELD) {
      held.push(row);
      continue;
    }
    isTooLong = true;
    yield* held;
    held = [];
    yield row;
  }
  yield* held.sort((a, b) => inTurn(nameOf(a), nameOf(b)));
}

function inTurn(a: readonly string[], b: readonly string[]): number {
  return a.map((part, index) => before(part, b[index] ?? "")).find((order) => order !== 0) ?? 0;
}
