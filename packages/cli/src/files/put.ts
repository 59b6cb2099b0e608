import type { Invocation } from "../command.ts";
import { excludeOf } from "../exclude.ts";
import { EXIT } from "../exit-codes.ts";
import { writeJson, writeLine } from "../output.ts";
import { whyOff } from "../session.ts";
import { refuseInput, textOf } from "./answer.ts";
import { keyAndPath, noteOff, openDesk, requireApart, wholeKey } from "./desk.ts";
import { withProgress } from "./progress.ts";

/** `cache files put`. */
export async function put(invocation: Invocation, rest: readonly string[]): Promise<number> {
  const { given } = invocation;
  const [key, path] = keyAndPath(rest, 2);
  const off = await whyOff(invocation);
  if (off !== undefined) {
    noteOff(off);
    if (given.flag("json")) await writeJson({ state: "off" });
    return EXIT.ok;
  }
  const { files, store } = await openDesk(invocation);
  await requireApart(path, store);
  const [name, options] = [await wholeKey(key, given), { exclude: excludeOf(given), ttl: given.text("ttl") }];
  const stored = await withProgress("storing", (progress) => files.put(name, path, { ...options, ...progress })).catch(
    refuseInput,
  );
  await (given.flag("json") ? writeJson(stored) : writeLine(textOf(stored)));
  return EXIT.ok;
}
