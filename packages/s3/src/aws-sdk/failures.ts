import { S3Failure } from "../failure.ts";

interface SdkError {
  readonly name?: unknown;
  readonly Code?: unknown;
  /** Of Node, when there was no answer. */
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

/** What the SDK throws, with its code where the store looks for it. */
export function failureOf(operation: string, error: unknown): S3Failure {
  if (error instanceof S3Failure) return error;
  const { name, Code, code: ofNode, $metadata } = (error ?? {}) as SdkError;
  const code = [Code, ofNode, name].find((each) => typeof each === "string") ?? "NoAnswer";
  const { httpStatusCode: status, attempts } = $metadata ?? {};
  return new S3Failure(code, `${operation} failed`, { status, attempts, cause: error });
}
