/** Variables that the command takes from the environment, or a configuration does for it. */
const KNOWN: readonly string[] = [
  "CACHE_CERTIFICATES",
  "CACHE_CONFIG",
  "CACHE_DEBUG",
  "CACHE_DIR",
  "CACHE_EPHEMERAL",
  "CACHE_KEYRING",
  "CACHE_KEYRING_FILE",
  "CACHE_KEYRING_PASSPHRASE",
  "CACHE_KEYRING_PASSPHRASE_FILE",
  "CACHE_OFF",
  "CACHE_REQUIRE",
  "CACHE_REVOCATIONS",
  "CACHE_REVOCATIONS_SEEN",
  "CACHE_ROOTS",
];
const PREFIX = "CACHE_";
const LONGEST = Math.max(...KNOWN.map(({ length }) => length));

/** How many letters have to be put, left out, exchanged or swapped with the next to make one text of the other (Damerau). */
function distance(from: string, to: string): number {
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const line = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1] ? 0 : 1;
      const isSwapped = column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const swapped = isSwapped ? at(before, column - 2) + 1 : Number.POSITIVE_INFINITY;
      line.push(Math.min(at(line, column - 1) + 1, at(last, column) + 1, at(last, column - 1) + same, swapped));
    }
    [before, last] = [last, line];
  }
  return at(last, to.length);
}

const at = (line: readonly number[], column: number): number => line[column] ?? Number.POSITIVE_INFINITY;

/** Of a short name two letters are most of it: many a variable of another program would be as near. */
const tolerated = (known: string): number => (known.length - PREFIX.length < 6 ? 1 : 2);

/** A name that is none, and the one that was meant. */
export interface Misspelt {
  readonly name: string;
  readonly meant: string;
}

/** Names that are nearly those of variables the command has. Values are not looked at. */
export function misspeltIn(variables: Readonly<Record<string, unknown>>): Misspelt[] {
  const names = Object.keys(variables).filter((name) => name.startsWith(PREFIX) && !KNOWN.includes(name));
  return names.flatMap((name) => {
    if (name.length > LONGEST + 2) return [];
    const near = KNOWN.map((meant) => ({ meant, off: distance(name.toUpperCase(), meant) }));
    const [best] = near.filter(({ meant, off }) => off <= tolerated(meant)).sort((a, b) => a.off - b.off);
    return best === undefined ? [] : [{ name, meant: best.meant }];
  });
}
