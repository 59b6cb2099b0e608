import { malformed } from "../malformed.ts";

/** The refusal of everything that is said wrongly. */
export const refuse = (why: string, cause?: unknown): Error => malformed("description", why, cause);

/** Fields by name, none of them unknown. */
export type Fields = ReadonlyMap<string, unknown>;

/** @throws CacheError `ERR_CACHE_FORMAT` for what is no object, and for unknown fields */
export function fieldsOf(value: unknown, known: readonly string[]): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw refuse("an object is missing");
  const fields = new Map(Object.entries(value));
  for (const name of fields.keys()) if (!known.includes(name)) throw refuse("it has an unknown field");
  return fields;
}

/** @throws CacheError `ERR_CACHE_FORMAT` */
export function textOf(value: unknown): string {
  if (typeof value !== "string" || !value.isWellFormed() || value.includes("\0")) throw refuse("a text is none");
  return value;
}

/** @throws CacheError `ERR_CACHE_FORMAT` */
export function listOf<T>(value: unknown, each: (item: unknown) => T): readonly T[] {
  if (!Array.isArray(value)) throw refuse("a list is none");
  return value.map(each);
}

/** @throws CacheError `ERR_CACHE_FORMAT` */
export function oneOf<T extends string>(value: unknown, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw refuse("a word is none of those that may stand there");
  return found;
}

/** What a field holds, if it is there. */
export function given<T>(fields: Fields, name: string, read: (value: unknown) => T): T | undefined {
  return fields.has(name) ? read(fields.get(name)) : undefined;
}
