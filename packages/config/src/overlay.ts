import type { CacheFields } from "./config.ts";

/** Where a cache lies is one decision, by whichever field it is told. */
const PLACES: readonly string[] = ["dir", "ephemeral"];

/** What is said, by name. */
export function present(fields: object): [string, unknown][] {
  return Object.entries(fields).filter(([, value]) => value !== undefined);
}

/**
 * Fields over fields: each takes the place of the one of its name, and of the other one that says where the cache lies.
 * `sign` is one field: whom to trust and who signs belong together.
 */
export function overlay(under: CacheFields, over: CacheFields): CacheFields {
  const fields = present(over);
  const placed = fields.some(([name]) => PLACES.includes(name));
  const kept = present(under).filter(([name]) => !(placed && PLACES.includes(name)));
  return Object.fromEntries([...kept, ...fields]);
}
