import { parseName } from "../adapter/name.ts";
import type { Kind, Listed, PutResult, Stat } from "../ports/store.ts";

/** What a store answers, held against the port: whoever wrote it, nothing else reaches the cache. */

function refuse(what: string): never {
  throw new TypeError(`the store gave something that is no ${what}`);
}

const isAmount = (value: unknown): boolean => typeof value === "number" && value >= 0;

export function requireBytes(bytes: unknown): Uint8Array {
  return bytes instanceof Uint8Array ? bytes : refuse("Uint8Array");
}

export function requireStream(pieces: unknown): AsyncIterable<unknown> {
  const iterable = typeof (pieces as Partial<AsyncIterable<unknown>> | null)?.[Symbol.asyncIterator] === "function";
  return iterable ? (pieces as AsyncIterable<unknown>) : refuse("async iterable");
}

export function requireStat(stat: unknown): Stat {
  const { size, modified, version } = (stat ?? {}) as Partial<Stat>;
  return isAmount(size) && isAmount(modified) && typeof version === "string" ? (stat as Stat) : refuse("stat");
}

export function requirePutResult(result: unknown): PutResult {
  const { written } = (result ?? {}) as Partial<PutResult>;
  return typeof written === "boolean" ? (result as PutResult) : refuse("result of a put");
}

export function requireListed(kind: Kind, row: unknown): Listed {
  const { name, size, modified } = (row ?? {}) as Partial<Listed>;
  if (typeof name !== "string" || !isAmount(size) || !isAmount(modified)) return refuse("row of a listing");
  return parseName(name).kind === kind ? (row as Listed) : refuse("name of the kind that was listed");
}
