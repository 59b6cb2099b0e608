import { Failure } from "./failure.mjs";
import { Objects } from "./objects.mjs";
import { OPERATIONS, operationOf } from "./operations.mjs";
import { checkSignature } from "./signature.mjs";
import { Uploads } from "./uploads.mjs";
import { document } from "./xml.mjs";

/**
 * What goes wrong with one request.
 * @typedef {object} Fault
 * @property {number} [delay] - milliseconds before it is looked at
 * @property {import("./failure.mjs").Code} [code] - it is refused with this
 * @property {boolean} [silent] - nobody hears of it again
 * @property {"asked" | "done"} [cut] - the connection ends as soon as it was asked for, or when it was done
 * @property {number} [cutAt] - the connection ends after so many bytes of the answer's body
 * @property {number} [stallAt] - nothing comes any more after so many bytes of the answer's body
 */

/**
 * Looks at every request and may do it harm.
 * @typedef {(request: { operation: import("./operations.mjs").Operation, key: string, count: number }) => Fault | undefined} Interference
 */

/** One bucket, its keys, and what was asked of it. What is in here outlives the connections. */
export class Service {
  objects = new Objects();
  uploads = new Uploads();
  /** The operations asked for, in order. @type {import("./operations.mjs").Operation[]} */
  requests = [];
  /** @type {Interference} */
  interference = () => undefined;
  /** @type {import("./signature.mjs").Credentials[]} */
  expired = [];

  /**
   * @param {string} bucket
   * @param {string} region
   * @param {import("./signature.mjs").Credentials} credentials
   */
  constructor(bucket, region, credentials) {
    this.bucket = bucket;
    this.region = region;
    this.current = credentials;
  }

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  async answer(request, response) {
    const url = new URL(request.url ?? "/", "http://host");
    const [bucket = "", ...rest] = url.pathname.slice(1).split("/");
    const key = decodeURIComponent(rest.join("/"));
    /** @type {Fault} */
    let fault = {};
    /** @type {import("./operations.mjs").Answer} */
    let answer;
    try {
      const operation = operationOf(request.method, key, url.searchParams, request.headers);
      fault = this.interference({ operation, key, count: this.requests.push(operation) }) ?? {};
      if (fault.silent === true) return;
      if (fault.cut === "asked") return void request.socket.destroy();
      if (fault.delay !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.delay));
      if (fault.code !== undefined) throw new Failure(fault.code);
      checkSignature(request, url, this);
      if (bucket !== this.bucket) throw new Failure("NoSuchBucket");
      const { objects, uploads } = this;
      answer = await OPERATIONS[operation]({ request, bucket, key, query: url.searchParams, objects, uploads });
    } catch (error) {
      answer = refusal(error);
    }
    if (fault.cut === "done") return void request.socket.destroy();
    send(request, response, answer, fault);
  }
}

/**
 * @param {unknown} error
 * @returns {import("./operations.mjs").Answer}
 */
function refusal(error) {
  const failure = error instanceof Failure ? error : new Failure("InternalError");
  const body = document("Error", { Code: failure.code, Message: `refused: ${failure.code}`, RequestId: "0" });
  return { status: failure.status, headers: failure.headers, body };
}

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 * @param {import("./operations.mjs").Answer} answer
 * @param {Fault} fault
 */
function send(request, response, { status = 200, headers = {}, body = "" }, { cutAt, stallAt }) {
  const bytes = Buffer.from(body);
  const type = typeof body === "string" && body !== "" ? { "content-type": "application/xml" } : {};
  const empty = status === 204 || status === 304;
  const length = empty ? {} : { "content-length": bytes.length };
  // A body that nobody read would be taken for the next request.
  if (!request.complete) response.setHeader("connection", "close");
  response.writeHead(status, { "x-amz-request-id": "0", ...type, ...headers, ...length });
  const broken = cutAt ?? stallAt;
  if (request.method === "HEAD" || empty) response.end();
  else if (broken === undefined || broken >= bytes.length) response.end(bytes);
  else {
    response.write(bytes.subarray(0, broken), () => {
      if (cutAt !== undefined) request.socket.destroy();
    });
    response.flushHeaders();
  }
}
