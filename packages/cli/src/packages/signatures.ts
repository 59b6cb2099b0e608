import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Cosigned } from "@cache/bundle";
import type { Given } from "../command.ts";
import { readRegularFile } from "../foreign/regular-file.ts";
import { UsageError } from "../usage-error.ts";

/** What the names of files end with that `cache bundle sign` writes. */
export const SIGNATURE = ".sig";
/** More than any signature has. */
const MOST_BYTES = 16_384;
const MOST_FILES = 64;

/** What `--threshold` demands, with the signatures that `--signature` names, or else those that lie beside the package. */
export async function cosignedOf(given: Given, file: string): Promise<Cosigned | undefined> {
  const [text, named] = [given.text("threshold"), given.all("signature")];
  if (text === undefined && named.length > 0) throw new UsageError("--signature is for a --threshold of keys");
  if (text === undefined) return undefined;
  if (!/^(?:[1-9]|1[0-6])$/.test(text)) throw new UsageError("--threshold is a number of keys, from 1 to 16");
  const files = named.length > 0 ? named : await besides(file);
  if (files.length > MOST_FILES)
    throw new UsageError(`there are more than ${MOST_FILES} signatures`, "name them with --signature");
  return { threshold: Number(text), signatures: files.map((each) => readRegularFile(each, MOST_BYTES)) };
}

async function besides(file: string): Promise<string[]> {
  const [folder, beginning] = [dirname(file), `${basename(file)}.`];
  const names = await readdir(folder);
  return names
    .filter((name) => name.startsWith(beginning) && name.endsWith(SIGNATURE))
    .map((name) => join(folder, name));
}
