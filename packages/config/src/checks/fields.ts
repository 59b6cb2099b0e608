import { unusable } from "../unusable.ts";

/** What an object says, by the names of its fields. */
export interface Fields {
  /** What a message puts in front of their names, `caches.builds.`. */
  readonly prefix: string;
  readonly values: ReadonlyMap<string, unknown>;
}

/** Longer names are not told: a key may have been pasted in the place of one. */
const LONGEST_TOLD = 32;

const told = (name: string): string =>
  name.length <= LONGEST_TOLD ? JSON.stringify(name) : `a name of ${name.length} characters`;

/**
 * @param at - where the object stands, `caches.builds`; empty for the whole
 * @throws CacheError `ERR_CACHE_CONFIG` for what is no object, and for a field that is not allowed
 */
export function fieldsOf(value: unknown, at: string, allowed: readonly string[]): Fields {
  const where = at === "" ? "it" : `"${at}"`;
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw unusable(`${where} is not an object`);
  const values = new Map(Object.entries(value).filter(([, each]) => each !== undefined));
  for (const name of values.keys()) {
    if (!allowed.includes(name))
      throw unusable(`${where} has ${told(name)}, a field that is not one of ${allowed.join(", ")}`);
  }
  return { prefix: at === "" ? "" : `${at}.`, values };
}

/** What a field that should hold text looks like. */
const SHAPES: Readonly<Record<string, string>> = { ttl: "7d", maxBytes: "2GB", dir: ".cache" };

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (value === "") return "empty";
  if (typeof value === "string") return value.includes("\0") ? "text with a NUL" : "text";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

export function textOf({ prefix, values }: Fields, name: string): string | undefined {
  const value = values.get(name);
  if (value === undefined) return undefined;
  if (typeof value !== "string" || (value === "" && name !== "namespace") || value.includes("\0")) {
    const shape = SHAPES[name] === undefined ? "" : ` such as "${SHAPES[name]}"`;
    throw unusable(`"${prefix}${name}" is not text${shape}: it is ${kindOf(value)}`);
  }
  return value;
}

export function flagOf({ prefix, values }: Fields, name: string): boolean | undefined {
  const value = values.get(name);
  if (value !== undefined && typeof value !== "boolean")
    throw unusable(`"${prefix}${name}" is neither true nor false: it is ${kindOf(value)}`);
  return value;
}
