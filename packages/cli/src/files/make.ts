import { isCacheError } from "@cache/core";
import { type FileLookup, type PlaceTurn, takePlace } from "@cache/files";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { secretFilesOf } from "../keyring-source.ts";
import { note, printable } from "../output.ts";
import { configOf, whyOff } from "../session.ts";
import { UsageError } from "../usage-error.ts";
import { textOf } from "./answer.ts";
import { requireApart, requireNothingLost } from "./apart.ts";
import { keyAndPath, noteOff, openDesk, wholeKey } from "./desk.ts";
import { Excludes } from "./excludes.ts";
import { type Job, keep } from "./keep.ts";
import { withProgress } from "./progress.ts";
import { runNew, turnOptions } from "./run-new.ts";

/** `cache files make`: nothing but the command writes to standard output. */
export async function make(invocation: Invocation, rest: readonly string[]): Promise<number> {
  const [key, path] = keyAndPath(rest);
  const command = rest.slice(2);
  if (command.length === 0 || command[0] === "")
    throw new UsageError("no command is named", "files make KEY PATH -- COMMAND ARGUMENTS");
  const excludes = new Excludes(invocation.given);
  await requireNothingLost(invocation, path);
  const off = await whyOff(invocation);
  const work = off === undefined ? await cached(invocation, [key, path], excludes) : undefined;
  if (off !== undefined) noteOff(off);
  const code = await takePlace(
    path,
    (turn) => (work ?? justRun)(turn, () => runNew(invocation.given, path, command, turn)),
    turnOptions(path),
  );
  if (off === undefined) excludes.mentionUnmet();
  return code;
}

/** What is done while nobody else works on the path; `run` runs the command. */
type Work = (turn: PlaceTurn, run: () => Promise<number>) => Promise<number>;

const justRun: Work = (_, run) => run();

/** Whatever is wrong about the cache is found before anything is removed. */
async function cached(
  invocation: Invocation,
  [key, path]: readonly [string, string],
  excludes: Excludes,
): Promise<Work> {
  const desk = await openDesk(invocation);
  await requireApart(path, desk.store);
  const secretFiles = secretFilesOf(invocation, await configOf(invocation));
  const keyNow = () => wholeKey(key, path, desk, excludes);
  return async (turn, run) => {
    // In the turn, as what others make there may be among what this is made of.
    const job = { ...desk, path, key: await keyNow(), keyNow, secretFiles };
    if (await isRestored(job)) return EXIT.ok;
    const code = await run();
    if (code === EXIT.ok) await keep(job, turn);
    return code;
  };
}

async function isRestored({ files, key, path, given }: Job): Promise<boolean> {
  const options = { replace: true, maxBytes: given.text("limit") };
  let found: FileLookup;
  try {
    found = await withProgress("restoring", (progress) => files.restore(key, path, { ...options, ...progress }));
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
