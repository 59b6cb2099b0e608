import { S3Failure } from "../failure.ts";

interface SdkError {
  readonly name?: unknown;
  readonly Code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

/** What the SDK throws, with its code where the store looks for it. */
export function failureOf(operation: string, error: unknown): S3Failure {
  if (error instanceof S3Failure) return error;
  const { name, Code, $metadata } = (error ?? {}) as SdkError;
  const code = typeof Code === "string" ? Code : typeof name === "string" ? name : "NoAnswer";
  const { httpStatusCode: status, attempts } = $metadata ?? {};
  return new S3Failure(code, `${operation} failed`, { status, attempts, cause: error });
}
