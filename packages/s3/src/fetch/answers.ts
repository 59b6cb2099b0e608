import type { S3Body, S3Listed, S3ListedUpload, S3Object, S3Page } from "../bucket.ts";
import { LONGEST_ANSWER } from "../failure.ts";
import { childrenOf, type Element, parseXml, textOf } from "./xml.ts";

/** What an answer that cannot be understood is refused with; the request is not sent again. */
export class Misunderstood extends Error {}

/** The whole body as text. */
export async function textIn(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done || value === undefined) return text + decoder.decode();
    length += value.byteLength;
    if (length > LONGEST_ANSWER) {
      await reader?.cancel();
      throw new Misunderstood("the answer is longer than one of S3");
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** The document in a body. */
export function documentIn(text: string): Element {
  try {
    return parseXml(text);
  } catch (error) {
    throw new Misunderstood("the answer is no XML of S3", { cause: error });
  }
}

/** The answer to `GetObject`, its body still to come. */
export function objectIn(response: Response): S3Object {
  const { headers } = response;
  // Lengths and ranges would be those of something else, and `fetch` has undone it already.
  if (!/^(identity|aws-chunked)?$/i.test(headers.get("content-encoding") ?? "")) {
    throw new Misunderstood("the object was compressed on its way");
  }
  const [, from, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers.get("content-range") ?? "") ?? [];
  const start = response.status === 206 ? whole(from) : 0;
  const size = whole(response.status === 206 ? total : (headers.get("content-length") ?? undefined));
  const modified = Date.parse(headers.get("last-modified") ?? "");
  const etag = headers.get("etag");
  if (etag === null || Number.isNaN(modified)) throw new Misunderstood("the answer lacks ETag or Last-Modified");
  return { etag, size, modified, start, body: bodyOf(response) };
}

function bodyOf({ body }: Response): S3Body {
  const reader = body?.getReader();
  return {
    next: async () => {
      const { done, value } = (await reader?.read()) ?? { done: true };
      return done || value === undefined ? { done: true, value: undefined } : { done: false, value };
    },
    return: async () => reader?.cancel(),
  };
}

/** A page of `ListObjectsV2`. */
export function objectsIn(root: Element): S3Page<S3Listed> {
  const decode = decoderOf(root);
  const rows = childrenOf(root, "Contents").map((row) => ({
    key: decode(textOf(row, "Key") ?? ""),
    size: whole(textOf(row, "Size")),
    modified: time(textOf(row, "LastModified")),
  }));
  return { rows, token: textOf(root, "IsTruncated") === "true" ? needed(root, "NextContinuationToken") : undefined };
}

/** A page of `ListMultipartUploads`; its token is both markers. */
export function uploadsIn(root: Element): S3Page<S3ListedUpload> {
  const decode = decoderOf(root);
  const rows = childrenOf(root, "Upload").map((row) => ({
    key: decode(textOf(row, "Key") ?? ""),
    id: needed(row, "UploadId"),
    initiated: time(textOf(row, "Initiated")),
  }));
  if (textOf(root, "IsTruncated") !== "true") return { rows, token: undefined };
  const markers = [decode(needed(root, "NextKeyMarker")), textOf(root, "NextUploadIdMarker") ?? ""];
  return { rows, token: JSON.stringify(markers) };
}

/** Text of a child that has to be there. */
export function needed(element: Element, name: string): string {
  const text = textOf(element, name);
  if (text === undefined || text === "") throw new Misunderstood(`the answer lacks ${name}`);
  return text;
}

/** How the keys of a listing are written: some servers know no encoding. */
function decoderOf(root: Element): (key: string) => string {
  if (textOf(root, "EncodingType") !== "url") return (key) => key;
  return (key) => {
    try {
      return decodeURIComponent(key.replaceAll("+", " "));
    } catch {
      // Whatever it is, it is none of ours.
      return key;
    }
  };
}

function whole(text: string | undefined): number {
  const value = /^\d{1,16}$/.test(text ?? "") ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new Misunderstood("the answer lacks a length");
  return value;
}

function time(text: string | undefined): number {
  const value = Date.parse(text ?? "");
  if (Number.isNaN(value)) throw new Misunderstood("the answer lacks a time");
  return value;
}
