import { lstat } from "node:fs/promises";
import { isCacheError } from "@cache/core";
import type { PlaceTurn } from "@cache/files";
import { note, printable } from "../output.ts";
import { UsageError } from "../usage-error.ts";
import { textOf } from "./answer.ts";
import type { Desk } from "./desk.ts";
import { withProgress } from "./progress.ts";

/** Something that is to be at a path. */
export interface Job extends Desk {
  readonly path: string;
  /** Of what it was made of, before. */
  readonly key: string;
  readonly secretFiles: readonly string[];
  /** The key by what it would be made of now. */
  keyNow(): Promise<string>;
}

/**
 * Stores what the command has made. Whatever the cache does not take is said, and costs the command nothing.
 * @throws UsageError when it made nothing
 */
export async function keep(job: Job, turn: PlaceTurn): Promise<void> {
  const { files, given, key, path, secretFiles } = job;
  try {
    await requireMade(path);
    const why = await whyNot(job, turn);
    if (why !== undefined) return noteUnstored(why);
    const options = { ttl: given.text("ttl"), secretFiles };
    const stored = await withProgress("storing", (progress) => files.put(key, path, { ...options, ...progress }));
    note(`stored ${textOf(stored)}, from ${printable(path)}`);
  } catch (error) {
    noteUnstored(reasonOf(error));
  }
}

const noteUnstored = (why: string): void => note(`nothing was stored: ${why}`);

async function requireMade(path: string): Promise<void> {
  await lstat(path).catch((error: { readonly code?: unknown }) => {
    throw error.code === "ENOENT" ? new UsageError(`the command did not make ${printable(path)}`) : error;
  });
}

/** Why what was made may not be what its key says. */
async function whyNot({ key, keyNow }: Job, turn: PlaceTurn): Promise<string | undefined> {
  const isSame = await keyNow().then(
    (now) => now === key,
    // What is gone, or changes while it is read, is not what it was.
    () => false,
  );
  if (!isSame) return "what --of names changed while the command ran";
  if (!(await turn.isHeld())) return "others could work on the path while the command ran, as no lock could be had";
  return undefined;
}

/** For people. @throws the error, if it is wrong use, or a fault of this program */
function reasonOf(error: unknown): string {
  if (isCacheError(error)) return `${error.message} (${error.code})`;
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (error instanceof TypeError && code === undefined) return String(message);
  if (typeof code === "string" && !(error instanceof UsageError)) return `what was made cannot be read: ${code}`;
  throw error;
}
