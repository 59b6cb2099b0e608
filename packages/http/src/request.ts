import { toHex, utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";

/** Values of headers under their names in lower case. */
export type HttpHeaders = Record<string, string | string[] | null | undefined>;

/** What a response is looked for by. */
export interface HttpRequest {
  readonly origin: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: HttpHeaders | undefined;
}

/** A cache takes keys of 4096 bytes, and methods and addresses may be longer. What is said of a key needs some of them. */
const LONGEST = 4000;

/** The key of all responses to one method for one address. */
export function keyOf({ origin, method, path }: HttpRequest): string {
  const plain = `${method} ${origin}${path}`;
  // A header or path may hold what is no Unicode, and no key; JSON has a form for it.
  const text = plain.isWellFormed() ? plain : JSON.stringify(plain);
  const bytes = utf8(text);
  // No text that is short enough is like a hash: it has a space.
  return bytes.byteLength <= LONGEST ? text : toHex(crypto.sha256(bytes));
}

/** Whether a request has the values of headers that a response was chosen by. */
export function matches({ headers = {} }: HttpRequest, vary: HttpHeaders | undefined): boolean {
  return Object.entries(vary ?? {}).every(([name, value]) =>
    isSame(Object.hasOwn(headers, name) ? headers[name] : undefined, value),
  );
}

function isSame(one: HttpHeaders[string], other: HttpHeaders[string]): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}
