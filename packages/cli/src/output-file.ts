import { randomUUID } from "node:crypto";
import { unlinkSync } from "node:fs";
import { lstat, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CacheError } from "@cache/core";
import { pathArgument } from "./path-argument.ts";
import { UsageError } from "./usage-error.ts";

/** Where to publish. */
export interface OutputPath {
  readonly path: string;
  /** Permissions of the file that is replaced; those of a new one are 0600. */
  readonly mode: number;
  /** Whether a file is replaced. */
  readonly isThere: boolean;
}

/**
 * The path of `-o`, if a file is to be published there; `undefined` for standard output. A rename would put a file in
 * the place of a device, a pipe or a link, so those are refused.
 */
export async function outputPath(path: string | undefined): Promise<OutputPath | undefined> {
  if (path === undefined || path === "-") return undefined;
  if (path === "" || path.includes("\0")) throw new UsageError("-o needs a path");
  pathArgument(path, "what -o names");
  const found = await lstat(path).catch((cause: unknown) => {
    if (codeOf(cause) === "ENOENT") return undefined;
    throw new CacheError("ERR_CACHE_STORE", "what -o names cannot be looked at", { cause });
  });
  if (found !== undefined && !found.isFile())
    throw new UsageError("-o names something that is not a file", "leave -o out to write to standard output");
  return { path, mode: found === undefined ? 0o600 : found.mode & 0o777, isThere: found !== undefined };
}

/** Writes verified bytes beside `path` and renames them there, so that the file appears whole or not at all. */
export async function publishOutput(
  { path, mode }: Pick<OutputPath, "path" | "mode">,
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const temporary = join(dirname(path), `.cache-${randomUUID()}.tmp`);
  const takeBack = removeWhenStopped(temporary);
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      for await (const piece of pieces) await file.writeFile(piece);
      await file.chmod(mode);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw asOutputFailure(error);
  } finally {
    takeBack();
  }
}

const STOPS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Leaves nothing half written beside the output when the user stops the command, which then ends as it would have. */
function removeWhenStopped(temporary: string): () => void {
  const stop = (signal: NodeJS.Signals): void => {
    takeBack();
    try {
      unlinkSync(temporary);
    } catch {
      // It was not there yet, or no longer.
    }
    process.kill(process.pid, signal);
  };
  const takeBack = (): void => {
    for (const signal of STOPS) process.off(signal, stop);
  };
  for (const signal of STOPS) process.on(signal, stop);
  return takeBack;
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;

function asOutputFailure(error: unknown): unknown {
  const code = codeOf(error);
  if (error instanceof CacheError || typeof code !== "string" || code.startsWith("ERR_")) return error;
  return new CacheError("ERR_CACHE_STORE", "the output file could not be written", { cause: error });
}
