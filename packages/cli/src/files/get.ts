import { isCacheError } from "@cache/core";
import type { Invocation } from "../command.ts";
import { note } from "../output.ts";
import { whyOff } from "../session.ts";
import { answer } from "./answer.ts";
import { keyAndPath, openDesk, requireApart, wholeKey } from "./desk.ts";
import { withProgress } from "./progress.ts";

/** `cache files get`. */
export async function get(invocation: Invocation, rest: readonly string[]): Promise<number> {
  const { given } = invocation;
  const [key, path] = keyAndPath(rest, 2);
  const json = given.flag("json");
  const off = await whyOff(invocation);
  if (off !== undefined) {
    note(`${off}: a miss`);
    return answer({ state: "miss" }, path, json);
  }
  const { files, store } = await openDesk(invocation);
  await requireApart(path, store);
  const [name, replace, maxBytes] = [await wholeKey(key, given), given.flag("replace"), given.text("limit")];
  const found = await withProgress("restoring", (progress) =>
    files.restore(name, path, { replace, maxBytes, ...progress }),
  ).catch(adviseReplacing);
  return answer(found, path, json);
}

/** What is there may be replaced, if somebody says so. */
function adviseReplacing(error: unknown): never {
  if (isCacheError(error, "ERR_CACHE_UNSAFE_PATH"))
    note("--replace puts files in the place of files, and a directory in that of one");
  throw error;
}
