import { join } from "node:path";
import { isCacheError } from "@cache/core";
import { type HmacRawKey, readTrailing, type TrailingPayload } from "@cache/signer/trailing";
import { DIGEST_NAME } from "../foreign/directory.ts";
import { readRegularFile } from "../foreign/regular-file.ts";

/** Largest file, and largest payload: what a cache takes under a key. */
const LARGEST = 67_108_864;

/**
 * What a file of a fleche directory is. `rejected`: signed by none of the keys, or changed. `other`: by its name nothing that
 * fleche reads, and so not looked into.
 */
export type Verdict =
  | "signed"
  | "unsigned"
  | "rejected"
  | "damaged"
  | "too-large"
  | "not-a-file"
  | "unreadable"
  | "other";

/** One name of a fleche directory. */
export interface Judged {
  readonly name: string;
  readonly verdict: Verdict;
  /** Of the refusal. */
  readonly code?: string | undefined;
  /** What was verified, when it was. */
  readonly found?: TrailingPayload | undefined;
}

const VERDICTS: Readonly<Record<string, Verdict>> = {
  ERR_CACHE_UNSIGNED: "unsigned",
  ERR_CACHE_AUTH: "rejected",
  ERR_CACHE_FORMAT: "damaged",
  ERR_CACHE_LIMIT: "too-large",
  ERR_CACHE_UNSAFE_PATH: "not-a-file",
  ERR_CACHE_STORE: "unreadable",
};

/** Reads and verifies one file, and follows no link. */
export async function judge(directory: string, name: string, keys: readonly HmacRawKey[]): Promise<Judged> {
  if (!DIGEST_NAME.test(name)) return { name, verdict: "other" };
  try {
    const found = await readTrailing(readRegularFile(join(directory, name), LARGEST), { keys, maxBytes: LARGEST });
    return { name, verdict: "signed", found };
  } catch (error) {
    const verdict = isCacheError(error) ? VERDICTS[error.code] : undefined;
    if (verdict === undefined) throw error;
    return { name, verdict, code: (error as { code?: string }).code };
  }
}
