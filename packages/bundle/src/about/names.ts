import { refuse } from "./fields.ts";

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,254}$/;
/** A name, or the beginning of names. */
const PATTERN = /^[A-Za-z_][A-Za-z0-9_]{0,253}\*?$/;
const MAX_VALUE = 32_768;

/** @throws CacheError `ERR_CACHE_FORMAT` for what is no name of a variable */
export function checkName(name: string): void {
  if (!NAME.test(name)) throw refuse("a name of a variable is none");
}

/** @throws CacheError `ERR_CACHE_FORMAT` for what is neither a name nor the beginning of names with a `*` behind it */
export function checkPattern(pattern: string): void {
  if (!PATTERN.test(pattern)) throw refuse("a name of a variable is none");
}

/** @throws CacheError `ERR_CACHE_FORMAT` for a value that is too long */
export function checkValue(value: string): void {
  if (value.length > MAX_VALUE) throw refuse("a value of a variable is too long");
}
