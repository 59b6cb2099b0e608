/** Longest answer that is no object, in bytes: a page of a listing has a thousand rows of a few hundred. */
export const LONGEST_ANSWER: number = 8 * 1024 * 1024;

/** What is known of an answer that was no success. */
export interface S3FailureDetails {
  /** The status of the answer; undefined when none came. */
  readonly status?: number | undefined;
  /** How often the request was sent. */
  readonly attempts?: number | undefined;
  readonly cause?: unknown;
}

/** A request that S3 refused, or did not answer. */
export class S3Failure extends Error {
  override readonly name = "S3Failure";
  /** The code of S3, such as `SlowDown`, or what the client says instead of one. */
  readonly code: string;
  readonly status: number | undefined;
  readonly attempts: number | undefined;

  /**
   * @param code - the code of S3
   * @param message - without names and secrets
   * @param details - what else is known
   */
  constructor(code: string, message: string, { status, attempts, cause }: S3FailureDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.status = status;
    this.attempts = attempts;
  }
}

/** The code of S3 that an error of a client carries. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : undefined;
}

/** Whether a server said that a key is absent: a failure of the server that carries the same word does not say so. */
export function isAbsence(error: unknown): boolean {
  const status = (error as { status?: unknown } | null)?.status;
  return codeOf(error) === "NoSuchKey" && (status === undefined || status === 404);
}

/** Whether a request that failed in the end may have been carried out by an earlier attempt whose answer was lost. */
export function mayHaveTakenPlace(error: unknown): boolean {
  return (error as { attempts?: unknown } | null)?.attempts !== 1;
}
