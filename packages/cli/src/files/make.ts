import { isCacheError } from "@cache/core";
import type { FileCache, FileLookup } from "@cache/files";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { note, printable } from "../output.ts";
import { whyOff } from "../session.ts";
import { UsageError } from "../usage-error.ts";
import { refuseInput, textOf } from "./answer.ts";
import { excludeOf, keyAndPath, openDesk } from "./desk.ts";
import { withProgress } from "./progress.ts";
import { runCommand } from "./run-command.ts";

/** What is said of a cache that cannot be used: the command is worth more than its cache. */
function unusable(error: unknown, what: string): undefined {
  if (!isCacheError(error, "ERR_CACHE_STORE") && !isCacheError(error, "ERR_CACHE_READ_ONLY")) throw error;
  note(`${what}: ${error.message}`);
}

async function restored(files: FileCache, key: string, path: string): Promise<FileLookup | undefined> {
  try {
    return await withProgress("restoring", (onProgress) => files.restore(key, path, { replace: true, onProgress }));
  } catch (error) {
    return unusable(error, "the cache cannot be read, so the command runs");
  }
}

/** `cache files make`: nothing but the command writes to standard output. */
export async function make(invocation: Invocation, rest: readonly string[]): Promise<number> {
  const [key, path] = keyAndPath(rest);
  const command = rest.slice(2);
  if (command.length === 0) throw new UsageError("no command is named", "files make KEY PATH -- COMMAND ARGUMENTS");
  const off = await whyOff(invocation);
  if (off !== undefined) {
    note(`${off}: the command runs, and nothing is stored`);
    return runCommand(command);
  }
  const { files, given } = await openDesk(invocation);
  const found = await restored(files, key, path);
  if (found?.state === "hit") {
    note(`restored ${textOf(found.files)}, in ${printable(path)}`);
    return EXIT.ok;
  }
  if (found?.state === "rejected") note(`what is kept is not believed (${found.code}), so the command runs`);
  const code = await runCommand(command);
  if (code !== EXIT.ok) return code;
  const options = { exclude: excludeOf(given), ttl: given.text("ttl") };
  try {
    const stored = await withProgress("storing", (onProgress) => files.put(key, path, { ...options, onProgress }));
    note(`stored ${textOf(stored)}, from ${printable(path)}`);
  } catch (error) {
    if (isCacheError(error)) unusable(error, "nothing was stored");
    else refuseInput(error);
  }
  return EXIT.ok;
}
