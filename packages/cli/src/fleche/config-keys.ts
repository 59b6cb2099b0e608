import { CacheError } from "@cache/core";
import { parse } from "smol-toml";

const unusable = (why: string): CacheError => new CacheError("ERR_CACHE_CONFIG", `the configuration of fleche ${why}`);

/** Tables within tables, in fleche's own form three: cache, storage, storage that is wrapped. */
const DEEPEST = 8;

/**
 * Every `secret_key` of a `fleche.toml`, wherever it stands, in order, as one key list; the same text twice counts once.
 * @throws CacheError `ERR_CACHE_CONFIG` for what is no TOML, or has no keys. No message repeats the text.
 */
export function secretKeysIn(text: string): string {
  const found = new Set(keysBelow(tableOf(text), 0));
  if (found.size === 0) throw unusable("has no secret_key");
  return [...found].join(":");
}

function tableOf(text: string): unknown {
  try {
    return parse(text);
  } catch {
    // Without its cause, which quotes the line, and that may be the key.
    throw unusable("is not TOML");
  }
}

function keysBelow(value: unknown, depth: number): string[] {
  if (typeof value !== "object" || value === null) return [];
  if (depth > DEEPEST) throw unusable("has tables within tables too deep");
  return Object.entries(value).flatMap(([name, each]) =>
    name === "secret_key" && !Array.isArray(value) ? textsOf(each) : keysBelow(each, depth + 1),
  );
}

function textsOf(value: unknown): string[] {
  const texts = Array.isArray(value) ? value : [value];
  if (texts.length === 0) throw unusable("has an empty secret_key");
  return texts.map((each) => {
    if (typeof each !== "string") throw unusable("has a secret_key that is not text");
    return each;
  });
}
