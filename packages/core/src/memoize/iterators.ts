/** Whether a function is written as one that gives items one by one. */
function isGeneratorFunction(compute: object): boolean {
  return /GeneratorFunction\]$/.test(Object.prototype.toString.call(compute));
}

function isIterator(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { next } = value as { next?: unknown };
  return typeof next === "function" && (Symbol.iterator in value || Symbol.asyncIterator in value);
}

const REFUSAL = "memoize keeps one result; give a function that yields items to memoizeGenerator";

/** @throws TypeError for a generator function */
export function requirePlain(compute: object): void {
  if (isGeneratorFunction(compute)) throw new TypeError(REFUSAL);
}

/** A result that can be kept. What iterates has no content, and a codec would keep nothing of it. @throws TypeError */
export function requireValue<R>(result: R): R {
  if (isIterator(result)) throw new TypeError(REFUSAL);
  return result;
}
