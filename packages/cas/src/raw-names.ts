import { isUtf8 } from "node:buffer";
import { readdirSync } from "node:fs";
import { sep } from "node:path";

/** What stands in a listing for bytes that are no text. */
const REPLACEMENT = "\ufffd";

/** A name in a directory that is no text: nothing of ours. */
export interface RawName {
  /** As a listing shows it. */
  readonly shown: string;
  /** For calls of the file system, which find nothing under what is shown. */
  readonly path: Buffer;
}

/** The names of a directory that are not UTF-8. @param shown - what a listing has just given of it */
export function rawNamesIn(directory: string, shown: readonly string[]): RawName[] {
  if (!shown.some((name) => name.includes(REPLACEMENT))) return [];
  return readdirSync(directory, { encoding: "buffer" })
    .filter((name) => !isUtf8(name))
    .map((name) => ({ shown: name.toString(), path: Buffer.concat([Buffer.from(directory + sep), name]) }));
}
