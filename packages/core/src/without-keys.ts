/** A block of PEM with or without an end, or a secret key in its native form. */
const SECRETS = /-----BEGIN[\s\S]*?(?:-----END[^-]*-----|$)|cachek1\.(?!ed25519-public\.)[\w.-]+/gi;

/** As many hexadecimal digits as a key has, or more. */
const DIGITS = /(?<![0-9a-f])([0-9a-f]{8})[0-9a-f]{56,}(?![0-9a-f])/gi;

/**
 * Text without what looks like a key, for messages: a key that was given where a path belongs would otherwise be in every log. Of 64 or
 * more hexadecimal digits, which may as well be a digest, the first eight are left. Public keys stay.
 */
export function withoutKeys(text: string): string {
  return text.replace(SECRETS, "(a key, not shown)").replace(DIGITS, "$1…");
}

/** Whether a text that should be a path has a secret key in it, or is one. A directory that is named by 64 hexadecimal digits is `./` and these. */
export function looksLikeKey(path: string): boolean {
  return path.search(SECRETS) !== -1 || /^[0-9a-f]{64,}$/i.test(path);
}
