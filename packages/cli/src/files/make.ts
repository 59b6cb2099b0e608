import { lstat, rm } from "node:fs/promises";
import { isCacheError } from "@cache/core";
import type { FileLookup } from "@cache/files";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { note, printable } from "../output.ts";
import { whyOff } from "../session.ts";
import { UsageError } from "../usage-error.ts";
import { refuseInput, textOf } from "./answer.ts";
import { type Desk, keyAndPath, noteOff, openDesk, requireApart, wholeKey } from "./desk.ts";
import { withProgress } from "./progress.ts";
import { runCommand } from "./run-command.ts";

/** `cache files make`: nothing but the command writes to standard output. */
export async function make(invocation: Invocation, rest: readonly string[]): Promise<number> {
  const { given } = invocation;
  const [key, path] = keyAndPath(rest);
  const command = rest.slice(2);
  if (command.length === 0) throw new UsageError("no command is named", "files make KEY PATH -- COMMAND ARGUMENTS");
  if (given.all("exclude").length > 0 && given.all("of").length === 0)
    throw new UsageError("--exclude is for what --of names: all that the command makes is kept");
  await requireElsewhere(path);
  const off = await whyOff(invocation);
  if (off !== undefined) {
    noteOff(off);
    return runNew(invocation, path, command);
  }
  const desk = await openDesk(invocation);
  await requireApart(path, desk.store);
  const name = await wholeKey(key, given);
  if (await isRestored(desk, name, path)) return EXIT.ok;
  const code = await runNew(invocation, path, command);
  if (code === EXIT.ok) await keep(desk, name, path);
  return code;
}

/** Runs the command where nothing of an older result is, unless that was asked for. */
async function runNew({ given }: Invocation, path: string, command: readonly string[]): Promise<number> {
  if (!given.flag("keep")) await rm(path, { recursive: true, force: true, maxRetries: 3 });
  return runCommand(command);
}

async function isRestored({ files }: Desk, key: string, path: string): Promise<boolean> {
  let found: FileLookup;
  try {
    found = await withProgress("restoring", (progress) => files.restore(key, path, { replace: true, ...progress }));
  } catch (error) {
    // The command is worth more than its cache.
    if (!isCacheError(error)) throw error;
    note(`nothing was restored, so the command runs: ${error.message} (${error.code})`);
    return false;
  }
  if (found.state === "hit") note(`restored ${textOf(found.files)}, in ${printable(path)}`);
  if (found.state === "rejected") note(`what is kept is not believed (${found.code}), so the command runs`);
  return found.state === "hit";
}

/** Stores what the command has made. Whatever the cache does not take is said, and costs the command nothing. */
async function keep({ files, given }: Desk, key: string, path: string): Promise<void> {
  const made = await lstat(path).catch(() => undefined);
  if (made === undefined) throw new UsageError(`the command did not make ${printable(path)}`);
  const options = { ttl: given.text("ttl") };
  try {
    const stored = await withProgress("storing", (progress) => files.put(key, path, { ...options, ...progress }));
    note(`stored ${textOf(stored)}, from ${printable(path)}`);
  } catch (error) {
    if (!isCacheError(error)) refuseInput(error);
    note(`nothing was stored: ${error.message} (${error.code})`);
  }
}

/** What is made is removed before; nobody means where they are. @throws UsageError */
async function requireElsewhere(path: string): Promise<void> {
  await requireApart(path, process.cwd()).catch(() => {
    throw new UsageError("the working directory is in what would be replaced", "name what the command makes");
  });
}
