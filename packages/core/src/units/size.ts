/** Bytes, or text such as `"64MB"` (powers of 1000) or `"64MiB"` (powers of 1024). */
export type Size = number | string;

const PREFIXES = ["", "K", "M", "G", "T"];

/** Whole bytes, zero or more. @throws TypeError for anything else */
export function parseSize(size: Size): number {
  const text = typeof size === "string" ? size : "";
  const [, count, prefix, binary] = /^(\d+(?:\.\d+)?) ?(?:([KMGT])(i)?)?B?$/.exec(text) ?? [];
  const step = (binary === undefined ? 1000 : 1024) ** PREFIXES.indexOf(prefix ?? "");
  const value = typeof size === "number" ? size : Math.floor(Number(count) * step);
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new TypeError('a size is a number of bytes or text such as "64MB" or "64MiB" (K, M, G, T)');
  }
  return value;
}
