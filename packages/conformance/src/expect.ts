/**
 * The suite's own assertions. `node:assert` does not exist where browser and edge adapters are tested, and its
 * messages print whole buffers; these print the first difference.
 */

/** What a case rejects with when a claim does not hold. */
export class ConformanceError extends Error {
  override readonly name = "ConformanceError";
}

/** Ends the case. */
export function fail(message: string, cause?: unknown): never {
  throw new ConformanceError(message, cause === undefined ? undefined : { cause });
}

/** @param claim - what should have been true, as a sentence */
export function expectThat(holds: boolean, claim: string): asserts holds {
  if (!holds) fail(claim);
}

/** Same value by `Object.is`. */
export function expectSame(actual: unknown, expected: unknown, what: string): void {
  if (!Object.is(actual, expected)) fail(`${what}: ${show(actual)}, expected ${show(expected)}`);
}

/** The very bytes, and never `undefined`. */
export function expectBytes(actual: Uint8Array | undefined, expected: Uint8Array, what: string): void {
  if (actual === undefined) fail(`${what}: undefined, expected ${expected.length} bytes`);
  const at = firstDifference(actual, expected);
  if (at === undefined) return;
  const lengths = actual.length === expected.length ? "" : ` (${actual.length} bytes, expected ${expected.length})`;
  fail(`${what}: differs at offset ${at}${lengths}: ${show(actual[at])}, expected ${show(expected[at])}`);
}

/** Whether two arrays hold the same bytes. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return firstDifference(a, b) === undefined;
}

function firstDifference(a: Uint8Array, b: Uint8Array): number | undefined {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at++) if (a[at] !== b[at]) return at;
  return a.length === b.length ? undefined : shorter;
}

/** What the call threw or rejected with. Fails when it did neither. */
export async function expectFailure(call: () => unknown, what: string): Promise<unknown> {
  let answer: unknown;
  try {
    answer = await call();
  } catch (error) {
    return error;
  }
  return fail(`${what}: succeeded with ${show(answer)}, expected it to fail`);
}

/** Values as a message may show them: never the content of an array of bytes. */
export function show(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `${value.length} items`;
  return String(value);
}
