import { unexpected } from "./failures.ts";

/** Bytes of an answer, in memory of their own: a client hands out parts of what it read from the connection. */
export function bytesOf(doing: string, answer: unknown): Uint8Array {
  if (answer instanceof Uint8Array) return new Uint8Array(answer);
  throw unexpected(doing, `the client answered ${typeof answer}, expected bytes`);
}

/** Text of an answer that holds none but ASCII characters; others are left as marks. */
export function textOf(doing: string, answer: unknown): string {
  if (answer instanceof Uint8Array) return new TextDecoder().decode(answer);
  throw unexpected(doing, `the client answered ${typeof answer}, expected bytes`);
}

/** An array of an answer. */
export function listOf(doing: string, answer: unknown): readonly unknown[] {
  if (Array.isArray(answer)) return answer;
  throw unexpected(doing, `the client answered ${typeof answer}, expected an array`);
}
