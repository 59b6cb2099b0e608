import { toHex } from "@cache/core/bytes";
import { AwsV4Signer } from "aws4fetch";
import type { S3Credentials, Wallet } from "./credentials.ts";
import { refusalIn } from "./refusal.ts";

/** One request. */
export interface Sending {
  /** The operation, as S3 calls it. */
  readonly operation: string;
  readonly method: string;
  /** Empty for the bucket itself. */
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal: AbortSignal;
}

/** Where requests go, and how stubbornly. */
export interface Line {
  /** The address of a key. */
  readonly urlOf: (key: string) => URL;
  readonly region: string;
  readonly wallet: Wallet;
  readonly fetch: typeof fetch;
  /** Most times that a request is sent. */
  readonly attempts: number;
  /** Longest wait for the answer to one of them, in milliseconds. */
  readonly timeout: number;
}

/** The hash of no content. */
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/**
 * Sends a request once.
 * @param line - where to
 * @param sending - what
 * @param credentials - who asks
 * @param read - takes an answer that is a success, within the time of the attempt
 */
export async function attempt<T>(
  line: Line,
  sending: Sending,
  credentials: S3Credentials,
  read: (response: Response) => T | Promise<T>,
): Promise<T> {
  const { method, body, signal } = sending;
  const { url, headers } = await signed(line, sending, credentials);
  // Not signed: whoever passes requests on may change it.
  headers.set("accept-encoding", "identity");
  const controller = new AbortController();
  const late = new DOMException("no answer in time", "TimeoutError");
  const timer = setTimeout(() => controller.abort(late), line.timeout);
  const onAbort = (): void => controller.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    signal.throwIfAborted();
    const init = { method, headers, body, redirect: "manual", signal: controller.signal };
    const response = await line.fetch(url, init as RequestInit);
    if (!response.ok) throw await refusalIn(response);
    return await readOrCancel(response, read);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

/** Of an answer that is refused nothing more is taken: its body would keep a connection until the garbage is collected. */
async function readOrCancel<T>(response: Response, read: (response: Response) => T | Promise<T>): Promise<T> {
  try {
    return await read(response);
  } catch (error) {
    // One that is locked was cancelled or failed by its reader. Nobody waits for it, and the answer's own failure is what is told.
    response.body?.cancel().catch(() => {});
    throw error;
  }
}

/** The content is signed with the rest. No content-type: fetch adds one to text, and some servers refuse it unsigned. */
async function signed(
  { urlOf, region }: Line,
  { method, key, query = {}, headers = {}, body }: Sending,
  { accessKeyId, secretAccessKey, sessionToken }: S3Credentials,
): Promise<{ url: URL; headers: Headers }> {
  const url = urlOf(key);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const signer = new AwsV4Signer({
    method,
    url: url.href,
    headers: { ...headers, "x-amz-content-sha256": await hashOf(body) },
    service: "s3",
    region,
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  });
  return signer.sign();
}

async function hashOf(body: Uint8Array | undefined): Promise<string> {
  if (body === undefined) return EMPTY;
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", body as BufferSource)));
}
