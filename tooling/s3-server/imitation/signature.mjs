import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { Failure } from "./failure.mjs";

/**
 * @typedef {object} Credentials
 * @property {string} accessKeyId
 * @property {string} secretAccessKey
 * @property {string} [sessionToken]
 */

/** As far as the clock of a client may be off. */
const SKEW = 15 * 60_000;

const SHAPE =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/** Besides these, and what begins with x-amz-, a header may come unsigned. */
const SIGNED = ["host", "content-type", "content-md5"];

/**
 * Refuses a request that is not signed, or not with these credentials (Signature Version 4, in headers).
 * @param {import("node:http").IncomingMessage} request
 * @param {URL} url
 * @param {{ region: string, current: Credentials, expired: readonly Credentials[] }} keys
 */
export function checkSignature(request, url, { region, current, expired }) {
  const [, id, day, where, names, signature] = SHAPE.exec(request.headers.authorization ?? "") ?? [];
  if (id === undefined || day === undefined || names === undefined || signature === undefined) {
    throw new Failure("AccessDenied");
  }
  const used = [current, ...expired].find(({ accessKeyId }) => accessKeyId === id);
  if (used === undefined) throw new Failure("InvalidAccessKeyId");
  const signed = names.split(";");
  const date = String(request.headers["x-amz-date"]);
  if (Math.abs(timeOf(date) - Date.now()) > SKEW) throw new Failure("RequestTimeTooSkewed");
  const wanted = signatureOf({ method: request.method, url, headers: request.headers }, signed, {
    secret: used.secretAccessKey,
    date,
    day,
    region,
  });
  const complete = Object.keys(request.headers).every(
    (name) => signed.includes(name) || !(SIGNED.includes(name) || name.startsWith("x-amz-")),
  );
  const same = timingSafeEqual(Buffer.from(wanted, "hex"), Buffer.from(signature, "hex"));
  if (!same || !complete || where !== region || !date.startsWith(day)) throw new Failure("SignatureDoesNotMatch");
  if (request.headers["x-amz-security-token"] !== used.sessionToken) throw new Failure("InvalidToken");
  if (used !== current) throw new Failure("ExpiredToken");
}

/** @param {string} date - as in 20261122T061000Z */
function timeOf(date) {
  return Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}

/**
 * The signature of a request.
 * @param {{ method: string | undefined, url: URL, headers: NodeJS.Dict<string | string[]> }} request
 * @param {readonly string[]} signed - names of headers, in their order
 * @param {{ secret: string, date: string, day: string, region: string }} scope
 */
export function signatureOf({ method, url, headers }, signed, { secret, date, day, region }) {
  const plain = (/** @type {string} */ name) =>
    String(headers[name] ?? "")
      .trim()
      .replaceAll(/\s+/g, " ");
  const payload = String(headers["x-amz-content-sha256"]);
  const canonical = [
    method,
    url.pathname.split("/").map(encoded).join("/"),
    queryOf(url),
    signed.map((name) => `${name}:${plain(name)}\n`).join(""),
    signed.join(";"),
    payload,
  ].join("\n");
  const hash = createHash("sha256").update(canonical).digest("hex");
  const text = ["AWS4-HMAC-SHA256", date, `${day}/${region}/s3/aws4_request`, hash].join("\n");
  const key = [day, region, "s3", "aws4_request"].reduce(
    (/** @type {string | Buffer} */ from, part) => createHmac("sha256", from).update(part).digest(),
    `AWS4${secret}`,
  );
  return createHmac("sha256", key).update(text).digest("hex");
}

/** @param {URL} url */
function queryOf(url) {
  const pairs = [...url.searchParams].map(([name, value]) => [strict(name), strict(value)]);
  const sorted = pairs.sort(([a = "", x = ""], [b = "", y = ""]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : 1));
  return sorted.map((pair) => pair.join("=")).join("&");
}

/** @param {string} part - of a path, as it came */
function encoded(part) {
  return strict(decodeURIComponent(part));
}

/** @param {string} text */
function strict(text) {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
