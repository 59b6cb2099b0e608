import { CacheError } from "@cache/core";
import { fromBase64Url, toBase64Url } from "@cache/core/bytes";

/** What roots sign. */
export type TrustKind = "certificate" | "revocations";

const TEXT = /^cachet1\.(certificate|revocations)\.([A-Za-z0-9_-]+)$/;
/** A list with the most ids that there may be is a little shorter. */
const MOST = 131_072;

/** One line of text, which a configuration or a list of lines can hold. */
export function armored(kind: TrustKind, record: Uint8Array): string {
  return `cachet1.${kind}.${toBase64Url(record)}`;
}

/** @throws CacheError `ERR_CACHE_FORMAT` */
export function recordIn(kind: TrustKind, text: string): Uint8Array {
  if (typeof text !== "string") throw new TypeError(`a ${kind} is text`);
  const [, named, encoded = ""] = text.length > MOST ? [] : (TEXT.exec(text) ?? []);
  const record = named === kind ? fromBase64Url(encoded) : undefined;
  if (record === undefined) throw new CacheError("ERR_CACHE_FORMAT", `not of the form cachet1.${kind}.<base64url>`);
  return record;
}
