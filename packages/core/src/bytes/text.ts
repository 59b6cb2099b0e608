const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * UTF-8 of a well-formed string. The only way from text to bytes here: TextEncoder maps different lone surrogates to
 * the same three bytes, which would make two names one.
 * @throws TypeError for a lone surrogate
 */
export function utf8(text: string): Uint8Array {
  if (!text.isWellFormed()) throw new TypeError("text has a lone surrogate, which has no UTF-8 form");
  return encoder.encode(text);
}

/** Text of well-formed UTF-8. @throws TypeError for anything else */
export function fromUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
