import { fromUtf8 } from "@cache/core/bytes";
import { isTrustText } from "../chain-config.ts";
import { readWhole } from "../read/file.ts";
import { about, naming } from "../read/parse.ts";
import { unusable } from "../unusable.ts";

/** Larger than the longest list, and than the certificates of all keys that there may be. */
const MOST_BYTES = 1_048_576;

function textOf(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch (error) {
    throw unusable("it is not text", error);
  }
}

/** What roots signed, as a file has it: one text a line, and lines that begin with `#` for people. Nothing is verified. */
export function trustLines(text: string): string[] {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "" && !line.startsWith("#"));
}

/** A file that is not there, cannot be read, or has nothing is an error, and never no list. */
function trustTextsIn(path: string): string[] {
  return naming(path, () => {
    const read = readWhole(path, { most: MOST_BYTES, follow: true });
    if (read === undefined) throw unusable("a file with certificates or revocations is not there");
    const texts = trustLines(textOf(read.bytes));
    if (texts.length === 0) throw unusable("a file with certificates or revocations has none");
    return texts;
  });
}

/**
 * Texts of a configuration and of its files, each looked at by itself, so that a failure says which file it is about.
 * @throws CacheError `ERR_CACHE_CONFIG` for a file that is not there, cannot be read, or has nothing, and what `look` throws
 */
export async function trustTexts(
  sources: readonly string[],
  look: (text: string) => Promise<unknown>,
): Promise<string[]> {
  const texts: string[] = [];
  for (const source of sources) {
    const found = isTrustText(source) ? [source] : trustTextsIn(source);
    try {
      for (const text of found) await look(text);
    } catch (error) {
      throw isTrustText(source) ? error : about(source, error);
    }
    texts.push(...found);
  }
  return texts;
}
