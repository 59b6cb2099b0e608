import { isCacheError } from "@cache/core";
import { takePlace } from "@cache/files";
import type { Invocation } from "../command.ts";
import { note } from "../output.ts";
import { whyOff } from "../session.ts";
import { answer } from "./answer.ts";
import { requireApart, requireNothingLost } from "./apart.ts";
import { keyAndPath, openDesk, wholeKey } from "./desk.ts";
import { Excludes } from "./excludes.ts";
import { withProgress } from "./progress.ts";
import { turnOptions } from "./run-new.ts";

/** `cache files get`. */
export async function get(invocation: Invocation, rest: readonly string[]): Promise<number> {
  const { given } = invocation;
  const [key, path] = keyAndPath(rest, 2);
  const [json, replace, excludes] = [given.flag("json"), given.flag("replace"), new Excludes(given)];
  if (replace) await requireNothingLost(invocation, path);
  const off = await whyOff(invocation);
  if (off !== undefined) {
    note(`${off}: a miss`);
    return answer({ state: "miss" }, path, json);
  }
  const desk = await openDesk(invocation);
  await requireApart(path, desk.store);
  const [name, maxBytes] = [await wholeKey(key, path, desk, excludes), given.text("limit")];
  excludes.mentionUnmet();
  const restore = () =>
    withProgress("restoring", (progress) => desk.files.restore(name, path, { replace, maxBytes, ...progress }));
  return answer(await takePlace(path, restore, turnOptions(path)).catch(adviseReplacing), path, json);
}

/** What is there may be replaced, if somebody says so. */
function adviseReplacing(error: unknown): never {
  if (isCacheError(error, "ERR_CACHE_UNSAFE_PATH"))
    note("--replace puts files in the place of files, and a directory in that of one");
  throw error;
}
