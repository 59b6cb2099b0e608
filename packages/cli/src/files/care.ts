import { fileCache } from "@cache/files";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { inOrder } from "../in-order.ts";
import { Look, removeFrom } from "../look.ts";
import { printable, writeJson, writeLine } from "../output.ts";
import { openSession } from "../session.ts";
import { shownKeyArgument } from "../shown-key.ts";
import { UsageError } from "../usage-error.ts";
import { textOf } from "./answer.ts";
import { contentDigest } from "./content.ts";
import { Excludes } from "./excludes.ts";

/** Below the namespace that a command is given: the library's own default. */
const NAMESPACE = "files";

/** `cache files ls`. */
export async function list(invocation: Invocation, rest: readonly string[]): Promise<number> {
  if (rest.length > 1) throw new UsageError("there are too many arguments");
  const prefix = rest[0] === undefined || rest[0] === "" ? "" : shownKeyArgument(rest[0]);
  const look = await Look.open(invocation);
  const files = fileCache(look.cache, { namespace: NAMESPACE });
  for await (const [key, stored] of inOrder(files.list(), ([key]) => [key])) {
    if (!key.startsWith(prefix)) continue;
    if (invocation.given.flag("json")) await writeJson({ key, ...stored });
    else await writeLine(`${textOf(stored)}  ${printable(key)}`);
  }
  return look.conclude();
}

/** `cache files rm`. */
export async function remove(invocation: Invocation, rest: readonly string[]): Promise<number> {
  const keys = rest.map(shownKeyArgument);
  if (keys.length === 0) throw new UsageError("no key is named");
  await removeFrom(await openSession(invocation), NAMESPACE, keys);
  return EXIT.ok;
}

/** `cache files digest`: of several paths, of all in their order. */
export async function digest({ given }: Invocation, rest: readonly string[]): Promise<number> {
  if (rest.length === 0) throw new UsageError("no file and no directory is named");
  const excludes = new Excludes(given);
  const found = await contentDigest(rest, () => excludes.has);
  excludes.mentionUnmet();
  await (given.flag("json") ? writeJson(found) : writeLine(found.digest));
  return EXIT.ok;
}
