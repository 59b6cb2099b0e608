import { Failure } from "./failure.mjs";

/**
 * The offsets a `Range` header means, `start <= offset < end`; undefined for none, or for one that is to be ignored.
 * @param {string | undefined} header
 * @param {number} size
 */
export function rangeOf(header, size) {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  if (start >= size || start >= end) throw new Failure("InvalidRange", { "content-range": `bytes */${size}` });
  return { start, end };
}
