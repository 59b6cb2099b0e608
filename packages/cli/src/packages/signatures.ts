import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type Cosigned, inspectCosignature } from "@cache/bundle";
import { CacheError, isCacheError } from "@cache/core";
import { withoutKeys } from "@cache/core/adapter";
import type { Given } from "../command.ts";
import { readRegularFile } from "../foreign/regular-file.ts";
import { note } from "../output.ts";
import { UsageError } from "../usage-error.ts";

/** What the names of files end with that `cache bundle sign` writes. */
export const SIGNATURE = ".sig";
/** More than any signature has. */
export const MOST_BYTES = 16_384;
const MOST_FILES = 64;

interface Found {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** One that was named is there and can be read. @throws UsageError, CacheError */
function named(path: string): Found {
  try {
    return { path, bytes: readRegularFile(path, MOST_BYTES) };
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { readonly code?: unknown };
    if (code === "ENOENT" || code === "ENOTDIR") throw new UsageError(`there is no file ${path}`, "check --signature");
    if (!isCacheError(error)) throw error;
    throw new CacheError(error.code, `${path}: ${error.message}`, { cause: error.cause });
  }
}

/** What lies beside the package anybody may have put there: it keeps nobody from counting the others. */
function ifOne(path: string): Found | undefined {
  try {
    const bytes = readRegularFile(path, MOST_BYTES);
    inspectCosignature(bytes);
    return { path, bytes };
  } catch (error) {
    if (!isCacheError(error)) throw error;
    note(withoutKeys(`${path} is left out: ${error.message}`));
    return undefined;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return await readdir(folder).catch((cause: unknown) => {
    throw new CacheError("ERR_CACHE_STORE", "the signatures beside the package cannot be listed", { cause });
  });
}

/** The signatures beside a package, each once. */
async function besides(file: string): Promise<Found[]> {
  const [folder, beginning] = [dirname(file), `${basename(file)}.`];
  const names = (await namesIn(folder)).filter((name) => name.startsWith(beginning) && name.endsWith(SIGNATURE)).sort();
  const found = names.flatMap((name) => ifOne(join(folder, name)) ?? []);
  return [...new Map(found.map((each) => [Buffer.from(each.bytes).toString("base64"), each])).values()];
}

/** The file that each reason is about. */
const about = new WeakMap<CacheError, string>();

/** What `--threshold` demands, with the signatures that `--signature` names, or else those that lie beside the package. */
export async function cosignedOf(given: Given, file: string): Promise<Cosigned | undefined> {
  const [text, paths] = [given.text("threshold"), given.all("signature")];
  if (text === undefined && paths.length > 0) throw new UsageError("--signature is for a --threshold of keys");
  if (text === undefined) return undefined;
  if (!/^(?:[1-9]|1[0-6])$/.test(text)) throw new UsageError("--threshold is a number of keys, from 1 to 16");
  const files = paths.length > 0 ? paths.map(named) : await besides(file);
  if (files.length > MOST_FILES)
    throw new UsageError(`there are more than ${MOST_FILES} signatures`, "name them with --signature");
  return {
    threshold: Number(text),
    signatures: files.map(({ bytes }) => bytes),
    onUncounted: (at, why) => about.set(why, files[at]?.path ?? ""),
  };
}

/** Says of each signature that was found why it does not count, when they are too few. */
export function tellUncounted({ cause }: Error): void {
  if (!(cause instanceof AggregateError)) return;
  for (const why of cause.errors as readonly CacheError[]) {
    const path = about.get(why);
    if (path !== undefined) note(withoutKeys(`${path} does not count: ${why.message} (${why.code})`));
  }
}
