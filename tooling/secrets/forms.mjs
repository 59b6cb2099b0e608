/** Characters of a key's text by which it is found: enough that nothing else looks like it. */
const ENOUGH = 20;
/** Numbers of a key as an inspected array shows it. */
const NUMBERS = 8;

/** Any secret key in its native form, whoever made it. */
const NATIVE = /cachek1\.(?:master|ed25519-secret)\.[\w-]{48}/g;

/**
 * How a key shows itself: hexadecimal, base64 of both kinds, and numbers.
 * @param {Uint8Array} key
 * @returns {readonly string[]} the beginning of each form
 */
export function formsOf(key) {
  const bytes = Buffer.from(key);
  const texts = [bytes.toString("hex"), bytes.toString("base64"), bytes.toString("base64url")];
  return [...texts.map((text) => text.slice(0, ENOUGH)), `${bytes.subarray(0, NUMBERS).join(",")},`];
}

/** Where a form may stand: letters and digits of hexadecimal and base64, or numbers of a list. */
const CANDIDATES = /[\w+/-]{20,}|(?:\d{1,3},\s*){8,}/g;

/** Characters of a form that are looked for first, most of the time in vain. */
const START = 6;

/** Text is searched piece by piece, since expressions have no room for the longest. Pieces overlap by more than a form is long. */
const PIECE = 65_536;
const OVERLAP = 256;

/**
 * What of a text is a secret key.
 * @param {string} text
 * @param {ReadonlySet<string>} forms - of the keys that were made
 * @returns {readonly string[]} where it was found, without the secret: the text before it
 */
export function secretsIn(text, forms) {
  const lengths = new Set([...forms].map(({ length }) => length));
  const starts = new Set([...forms].map((form) => form.slice(0, START)));
  const found = new Set();
  for (let start = 0; start < text.length; start += PIECE - OVERLAP) {
    const piece = text.slice(start, start + PIECE);
    for (const { index } of piece.matchAll(NATIVE)) found.add(start + index);
    for (const { 0: candidate, index } of piece.matchAll(CANDIDATES)) {
      if (holdsOne(candidate.replaceAll(/\s/g, ""), { forms, lengths, starts })) found.add(start + index);
    }
  }
  return [...found].map((at) => `…${text.slice(Math.max(0, at - 80), at)}`);
}

/**
 * @param {string} text
 * @param {{ forms: ReadonlySet<string>, lengths: ReadonlySet<number>, starts: ReadonlySet<string> }} sought
 */
function holdsOne(text, { forms, lengths, starts }) {
  for (let at = 0; at < text.length; at++) {
    if (!starts.has(text.slice(at, at + START))) continue;
    for (const length of lengths) if (forms.has(text.slice(at, at + length))) return true;
  }
  return false;
}
