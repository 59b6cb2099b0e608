import { randomUUID } from "node:crypto";
import { lstat, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CacheError } from "@cache/core";
import { UsageError } from "./usage-error.ts";

/**
 * The path of `-o`, if a file is to be published there; `undefined` for standard output. A rename would put a file in
 * the place of a device, a pipe or a link, so those are refused.
 */
export async function outputPath(path: string | undefined): Promise<string | undefined> {
  if (path === undefined || path === "-") return undefined;
  if (path === "" || path.includes("\0")) throw new UsageError("-o needs a path");
  const found = await lstat(path).catch(() => undefined);
  if (found !== undefined && !found.isFile())
    throw new UsageError("-o names something that is not a file", "leave -o out to write to standard output");
  return path;
}

/** Writes verified bytes beside `path` and renames them there, so that the file appears whole or not at all. */
export async function publishOutput(
  path: string,
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const temporary = join(dirname(path), `.cache-${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      for await (const piece of pieces) await file.writeFile(piece);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw asOutputFailure(error);
  }
}

function asOutputFailure(error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  if (error instanceof CacheError || typeof code !== "string" || code.startsWith("ERR_")) return error;
  return new CacheError("ERR_CACHE_STORE", "the output file could not be written", { cause: error });
}
