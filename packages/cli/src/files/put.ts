import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { note, writeJson, writeLine } from "../output.ts";
import { whyOff } from "../session.ts";
import { refuseInput, textOf } from "./answer.ts";
import { excludeOf, keyAndPath, openDesk } from "./desk.ts";
import { withProgress } from "./progress.ts";

/** `cache files put`. */
export async function put(invocation: Invocation, rest: readonly string[]): Promise<number> {
  const { given } = invocation;
  const [key, path] = keyAndPath(rest, 2);
  const off = await whyOff(invocation);
  if (off !== undefined) {
    note(`${off}: nothing was stored`);
    return EXIT.ok;
  }
  const { files } = await openDesk(invocation);
  const options = { exclude: excludeOf(given), ttl: given.text("ttl") };
  const stored = await withProgress("storing", (onProgress) => files.put(key, path, { ...options, onProgress })).catch(
    refuseInput,
  );
  await (given.flag("json") ? writeJson(stored) : writeLine(textOf(stored)));
  return EXIT.ok;
}
