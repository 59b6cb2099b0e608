import { isCacheError } from "@cache/core";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { withHint } from "../failure.ts";
import { secretFilesOf } from "../keyring-source.ts";
import { writeJson, writeLine } from "../output.ts";
import { configOf, whyOff } from "../session.ts";
import { refuseInput, textOf } from "./answer.ts";
import { requireApart } from "./apart.ts";
import { keyAndPath, noteOff, openDesk, wholeKey } from "./desk.ts";
import { Excludes } from "./excludes.ts";
import { withProgress } from "./progress.ts";

/** `cache files put`. */
export async function put(invocation: Invocation, rest: readonly string[]): Promise<number> {
  const { given } = invocation;
  const [key, path] = keyAndPath(rest, 2);
  const excludes = new Excludes(given);
  const off = await whyOff(invocation);
  if (off !== undefined) {
    noteOff(off);
    if (given.flag("json")) await writeJson({ state: "off" });
    return EXIT.ok;
  }
  const desk = await openDesk(invocation);
  await requireApart(path, desk.store);
  const secretFiles = secretFilesOf(invocation, await configOf(invocation));
  const name = await wholeKey(key, path, desk, excludes);
  const options = { exclude: excludes.has, ttl: given.text("ttl"), secretFiles };
  const stored = await withProgress("storing", (progress) =>
    desk.files.put(name, path, { ...options, ...progress }),
  ).catch(adviseExcluding);
  excludes.mentionUnmet();
  await (given.flag("json") ? writeJson(stored) : writeLine(textOf(stored)));
  return EXIT.ok;
}

function adviseExcluding(error: unknown): never {
  if (isCacheError(error, "ERR_CACHE_SECRET"))
    throw withHint(error, "keep keys outside of what is kept; --exclude NAME leaves out what has that name or path");
  return refuseInput(error);
}
