import { unusable } from "../unusable.ts";

/** What an object says, by the names of its fields. */
export type Fields = ReadonlyMap<string, unknown>;

/** @throws CacheError `ERR_CACHE_CONFIG` for what is no object, and for a field that is not allowed */
export function fieldsOf(value: unknown, where: string, allowed: readonly string[]): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw unusable(`${where} is not an object`);
  const fields = new Map(Object.entries(value).filter(([, each]) => each !== undefined));
  for (const name of fields.keys()) {
    if (!allowed.includes(name)) throw unusable(`${where} has a field that is not one of ${allowed.join(", ")}`);
  }
  return fields;
}

export function textOf(fields: Fields, name: string): string | undefined {
  const value = fields.get(name);
  if (value === undefined) return undefined;
  if (typeof value !== "string" || (value === "" && name !== "namespace") || value.includes("\0")) {
    throw unusable(`"${name}" is not text`);
  }
  return value;
}

export function flagOf(fields: Fields, name: string): boolean | undefined {
  const value = fields.get(name);
  if (value !== undefined && typeof value !== "boolean") throw unusable(`"${name}" is neither true nor false`);
  return value;
}
