import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { Failure } from "./failure.mjs";

/** Longest body of one request. */
const LONGEST = 256 * 1024 * 1024;

/**
 * The content of a request, whole: out of its chunks if it came in chunks, and with every promise about it looked at.
 * @param {import("node:http").IncomingMessage} request
 * @returns {Promise<Buffer>}
 */
export async function contentOf(request) {
  const { headers } = request;
  const sent = await read(request);
  const kind = String(headers["x-amz-content-sha256"]);
  if (kind.startsWith("STREAMING-AWS4")) throw new Failure("NotImplemented");
  const { content, trailers } = kind.startsWith("STREAMING-") ? unchunked(sent) : { content: sent, trailers: {} };
  if (/^[0-9a-f]{64}$/.test(kind) && digest("sha256", content, "hex") !== kind) {
    throw new Failure("XAmzContentSHA256Mismatch");
  }
  const length = headers["x-amz-decoded-content-length"];
  if (length !== undefined && Number(length) !== content.length) throw new Failure("IncompleteBody");
  const md5 = headers["content-md5"];
  if (md5 !== undefined && digest("md5", content, "base64") !== md5) throw new Failure("BadDigest");
  checkSums({ ...headers, ...trailers }, content);
  return content;
}

/** @param {import("node:http").IncomingMessage} request */
async function read(request) {
  /** @type {Buffer[]} */
  const pieces = [];
  let length = 0;
  for await (const piece of request) {
    pieces.push(piece);
    length += piece.length;
    if (length > LONGEST) throw new Failure("EntityTooLarge");
  }
  return Buffer.concat(pieces);
}

/**
 * What the SDK sends when it does not know a checksum before it has sent the content: `aws-chunked` with trailers.
 * @param {Buffer} sent
 */
function unchunked(sent) {
  /** @type {Buffer[]} */
  const pieces = [];
  let at = 0;
  for (;;) {
    const end = sent.indexOf("\r\n", at);
    const length = end < 0 ? Number.NaN : Number.parseInt(sent.toString("latin1", at, end), 16);
    if (!Number.isInteger(length) || end + 2 + length > sent.length) throw new Failure("IncompleteBody");
    at = end + 2;
    if (length === 0) return { content: Buffer.concat(pieces), trailers: trailersIn(sent.toString("latin1", at)) };
    pieces.push(sent.subarray(at, at + length));
    at += length + 2;
  }
}

/** @param {string} text */
function trailersIn(text) {
  const lines = text.split(/\r?\n/).filter((line) => line.includes(":"));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]));
}

/**
 * @param {NodeJS.Dict<string | string[]>} headers
 * @param {Buffer} content
 */
function checkSums(headers, content) {
  for (const [name, sum] of Object.entries(headers)) {
    const algorithm = /^x-amz-checksum-(crc32|sha1|sha256)$/.exec(name)?.[1];
    if (algorithm === undefined) continue;
    const right = algorithm === "crc32" ? sum32(content) : digest(algorithm, content, "base64");
    if (String(sum).trim() !== right) throw new Failure("BadDigest");
  }
}

/** @param {Buffer} content */
function sum32(content) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(content));
  return bytes.toString("base64");
}

/**
 * @param {string} algorithm
 * @param {Buffer} content
 * @param {"hex" | "base64"} encoding
 */
function digest(algorithm, content, encoding) {
  return createHash(algorithm).update(content).digest(encoding);
}
