/** Marks text for a terminal, or leaves it as it is. */
export interface Palette {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
}

const mark =
  (on: number, off: number) =>
  (text: string): string =>
    `\u001b[${on}m${text}\u001b[${off}m`;
const same = (text: string): string => text;

/** No colours at all. */
export const PLAIN: Palette = { bold: same, dim: same, good: same, bad: same };

/** Colours on a terminal that has them, unless the user wants none (no-color.org). */
export function paletteFor(stream: NodeJS.WriteStream): Palette {
  const { NO_COLOR, TERM } = process.env;
  if (!stream.isTTY || (NO_COLOR !== undefined && NO_COLOR !== "") || TERM === "dumb") return PLAIN;
  return { bold: mark(1, 22), dim: mark(2, 22), good: mark(32, 39), bad: mark(31, 39) };
}
