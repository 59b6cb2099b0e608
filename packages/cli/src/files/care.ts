import { keyArgument } from "../arguments.ts";
import type { Invocation } from "../command.ts";
import { excludeOf } from "../exclude.ts";
import { EXIT } from "../exit-codes.ts";
import { inOrder } from "../in-order.ts";
import { printable, writeJson, writeLine } from "../output.ts";
import { UsageError } from "../usage-error.ts";
import { textOf } from "./answer.ts";
import { contentDigest, openDesk } from "./desk.ts";

/** `cache files ls`. */
export async function list(invocation: Invocation, rest: readonly string[]): Promise<number> {
  if (rest.length > 1) throw new UsageError("there are too many arguments");
  const [prefix = ""] = rest;
  const { files } = await openDesk(invocation);
  for await (const [key, stored] of inOrder(files.list(), ([key]) => [key])) {
    if (!key.startsWith(prefix)) continue;
    if (invocation.given.flag("json")) await writeJson({ key, ...stored });
    else await writeLine(`${textOf(stored)}  ${printable(key)}`);
  }
  return EXIT.ok;
}

/** `cache files rm`. */
export async function remove(invocation: Invocation, rest: readonly string[]): Promise<number> {
  const keys = rest.map(keyArgument);
  if (keys.length === 0) throw new UsageError("no key is named");
  const { files } = await openDesk(invocation);
  for (const key of keys) await files.delete(key);
  return EXIT.ok;
}

/** `cache files digest`: of several paths, of all in their order. */
export async function digest({ given }: Invocation, rest: readonly string[]): Promise<number> {
  if (rest.length === 0) throw new UsageError("no file and no directory is named");
  const found = await contentDigest(rest, excludeOf(given));
  await (given.flag("json") ? writeJson(found) : writeLine(found.digest));
  return EXIT.ok;
}
