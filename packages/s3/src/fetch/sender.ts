import { S3Failure } from "../failure.ts";
import { pause } from "../writing/pause.ts";
import { Misunderstood } from "./answers.ts";
import { attempt, type Line, type Sending } from "./attempt.ts";
import type { S3Credentials } from "./credentials.ts";

/** Another attempt may succeed. */
const AGAIN = new Set([408, 429, 500, 502, 503, 504]);
const AGAIN_CODES = new Set(["InternalError", "RequestTimeout", "ServiceUnavailable", "SlowDown", "Throttling"]);

/** New credentials may help. */
const REFUSED = new Set(["ExpiredToken", "InvalidToken", "TokenRefreshRequired"]);

/**
 * Sends requests, signed, again after a while where that may help, and reads their answers.
 * @param line - where to
 * @param sending - what
 * @param read - takes an answer that is a success, within the time of the attempt
 */
export async function send<T>(line: Line, sending: Sending, read: (response: Response) => T | Promise<T>): Promise<T> {
  let credentials = await line.wallet.current();
  let renewed = false;
  for (let attempts = 1; ; attempts++) {
    const failure = await attempt(line, sending, credentials, read).then(
      (value) => ({ value }),
      (error) => failureOf(error, sending, attempts),
    );
    if ("value" in failure) return failure.value;
    sending.signal.throwIfAborted();
    const next: S3Credentials | undefined =
      renewed || !isRefused(failure) ? undefined : await line.wallet.instead(credentials);
    if (next !== undefined) {
      [credentials, renewed] = [next, true];
    } else {
      if (!isWorthAnother(failure) || attempts >= line.attempts) throw failure;
      await pause(attempts, sending.signal);
    }
  }
}

function failureOf(error: unknown, { operation }: Sending, attempts: number): S3Failure {
  const said = error instanceof S3Failure ? error : undefined;
  const misunderstood = error instanceof Misunderstood;
  const code = said?.code ?? (misunderstood ? "Misunderstood" : nameOf(error));
  const message = `${operation} failed: ${said?.message ?? (misunderstood ? error.message : `no answer${reasonOf(error)}`)}`;
  return new S3Failure(code, message, {
    status: said?.status,
    attempts,
    cause: said === undefined ? error : undefined,
  });
}

/** `fetch` keeps what Node says in the cause. */
function reasonOf(error: unknown): string {
  const { code } = ((error as { cause?: unknown } | null)?.cause ?? {}) as { code?: unknown };
  return typeof code === "string" ? ` (${code})` : "";
}

function nameOf(error: unknown): string {
  return error instanceof DOMException && error.name === "TimeoutError" ? "Timeout" : "NoAnswer";
}

function isRefused({ code, status }: S3Failure): boolean {
  return status === 403 || REFUSED.has(code);
}

function isWorthAnother({ code, status }: S3Failure): boolean {
  if (status === undefined) return code !== "Misunderstood";
  return AGAIN.has(status) || AGAIN_CODES.has(code);
}
