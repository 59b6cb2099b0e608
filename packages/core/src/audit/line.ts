import { fromUtf8 } from "../bytes/text.ts";
import { linkOf } from "./chain.ts";

/** More bytes than a line of a log ever has. */
export const MOST_LINE = 1_048_576;

/** Of a line, what it says of its place, apart from whether that holds. */
export interface AuditLine {
  /** What is hashed. */
  readonly text: string;
  readonly chain: string;
  /** What the next line says of this one. */
  readonly link: string;
  readonly type: unknown;
  /** Counts the lines of the log, from 0. */
  readonly seq: number;
  /** The link of the line before it in the log. */
  readonly before: string;
  readonly run: string;
  /** Counts the lines of its run, from 0, also those that could not be written. */
  readonly n: number;
  /** `seq` of the line before it in its run that was written. */
  readonly prior: number | undefined;
  /** Id of the key in hexadecimal. */
  readonly key: string | undefined;
  /** In the first line of a file: the first `seq` of each older file that is kept. */
  readonly files: readonly number[];
}

// Everything is text to JSON but control characters: a dot has to stand for line separators as well.
const SHAPE = /^(\{.+),"chain":"([0-9a-f]{64})"\}$/s;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isText = (value: unknown): value is string => typeof value === "string";
const isAbsentOr = <T>(is: (value: unknown) => value is T, value: unknown): value is T | undefined =>
  value === undefined || is(value);

/** A line without its line feed. `undefined` for what is no line of a log. */
export function parseLine(bytes: Uint8Array): AuditLine | undefined {
  try {
    const line = fromUtf8(bytes);
    const [, open = "", chain = ""] = SHAPE.exec(line) ?? [];
    const text = `${open}}`;
    const { type, seq, before, run, n, prior, key, files = [] } = JSON.parse(text) as Record<string, unknown>;
    if (!isCount(seq) || !isText(before) || !isText(run) || !isCount(n)) return undefined;
    if (!isAbsentOr(isCount, prior) || !isAbsentOr(isText, key)) return undefined;
    if (!Array.isArray(files) || !files.every(isCount)) return undefined;
    return { text, chain, link: linkOf(line), type, seq, before, run, n, prior, key, files };
  } catch {
    // No UTF-8, or no JSON.
    return undefined;
  }
}

/** A line by which its log, with all lines up to it, can be told from every other: to be remembered elsewhere. */
export const headOf = ({ seq, link }: Pick<AuditLine, "seq" | "link">): string => `${seq}-${link}`;
