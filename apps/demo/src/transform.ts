import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import type { SourceFile } from "./files.ts";
import { type TokenCounts, tokenise } from "./tokens.ts";

/** Everything worked out about one file. */
export interface Analysis {
  readonly digest: string;
  readonly lines: number;
  readonly blankLines: number;
  /** In UTF-16 code units. */
  readonly longestLine: number;
  readonly tokens: TokenCounts;
  readonly frequent: readonly (readonly [identifier: string, count: number])[];
  /** The file as a web server would send it. */
  readonly brotli: Uint8Array;
}

const compress = promisify(brotliCompress);

/** The slow part of the program, and the reason for a cache: statistics, and the best compression there is. */
export async function analyse({ bytes, digest }: SourceFile): Promise<Analysis> {
  const text = new TextDecoder().decode(bytes);
  const lines = text.split("\n");
  const { counts, frequent } = tokenise(text);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength,
  };
  return {
    ...{ digest, lines: lines.length, tokens: counts, frequent },
    blankLines: lines.filter((line) => line.trim() === "").length,
    longestLine: lines.reduce((longest, { length }) => Math.max(longest, length), 0),
    brotli: new Uint8Array(await compress(bytes, { params })),
  };
}
