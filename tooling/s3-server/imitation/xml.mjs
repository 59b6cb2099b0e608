/** @typedef {string | number | boolean | Tree | Tree[] | string[] | undefined} Value */
/** @typedef {{ [name: string]: Value }} Tree */

const ESCAPES = /** @type {Record<string, string>} */ ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" });

/**
 * A document of one element.
 * @param {string} name
 * @param {Tree} tree
 */
export function document(name, tree) {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(name, tree)}`;
}

/**
 * @param {string} name
 * @param {Value} value
 * @returns {string}
 */
function element(name, value) {
  if (value === undefined) return "";
  if (Array.isArray(value)) return value.map((each) => element(name, each)).join("");
  const inside =
    typeof value === "object"
      ? Object.entries(value)
          .map(([child, each]) => element(child, each))
          .join("")
      : String(value).replaceAll(/[&<>"]/g, (sign) => ESCAPES[sign] ?? sign);
  return `<${name}>${inside}</${name}>`;
}

/**
 * The parts that a client names to complete an upload; undefined for what is no such list.
 * @param {string} text
 * @returns {{ number: number, etag: string }[] | undefined}
 */
export function partsIn(text) {
  if (!/<CompleteMultipartUpload[\s>]/.test(text)) return undefined;
  const parts = [...text.matchAll(/<Part>([\s\S]*?)<\/Part>/g)].map(([, part = ""]) => ({
    number: Number(/<PartNumber>(\d+)<\/PartNumber>/.exec(part)?.[1]),
    etag: (/<ETag>([\s\S]*?)<\/ETag>/.exec(part)?.[1] ?? "").replaceAll(/&quot;|&#34;|"/g, ""),
  }));
  return parts.length === 0 || parts.some(({ number }) => !Number.isInteger(number)) ? undefined : parts;
}
