/** How many of each a text has. */
export interface TokenCounts {
  readonly comments: number;
  readonly strings: number;
  readonly numbers: number;
  readonly identifiers: number;
  readonly punctuators: number;
}

/** What a text is made of. */
export interface Tokens {
  readonly counts: TokenCounts;
  /** The ten most frequent identifiers with their counts, the most frequent first, ties in alphabetical order. */
  readonly frequent: readonly (readonly [identifier: string, count: number])[];
}

const SOURCE = new RegExp(
  [
    /(?<comments>\/\/[^\n]*|\/\*[\s\S]*?\*\/)/,
    /(?<strings>"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'|`(?:[^`\\]|\\[\s\S])*`)/,
    /(?<numbers>\b\d[\w.]*)/,
    /(?<identifiers>[\p{ID_Start}$_][\p{ID_Continue}$]*)/u,
    /(?<punctuators>=>|[=!]==?|[<>]=?|&&|\|\||\?\?|\?\.|\.{3}|[^\s\w])/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "gu",
);

/** Cuts a text into tokens the way a highlighter does: well enough for every file, and never failing on one. */
export function tokenise(text: string): Tokens {
  const counts = { comments: 0, strings: 0, numbers: 0, identifiers: 0, punctuators: 0 };
  const seen = new Map<string, number>();
  for (const { groups } of text.matchAll(SOURCE)) {
    for (const kind of Object.keys(counts) as (keyof TokenCounts)[])
      if (groups?.[kind] !== undefined) counts[kind] += 1;
    const identifier = groups?.identifiers;
    if (identifier !== undefined) seen.set(identifier, (seen.get(identifier) ?? 0) + 1);
  }
  const order = [...seen].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return { counts, frequent: order.slice(0, 10) };
}
