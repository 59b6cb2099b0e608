import { believedBy, isChain, publicKeys, rootsPlace, trustLines, trustTexts } from "@cache/config/keys";
import { toHex } from "@cache/core/bytes";
import type { VerifyingKey } from "@cache/core/keyring";
import { type Revocations, readRevocations } from "@cache/signer/chain";
import type { Invocation } from "../command.ts";
import { configOf } from "../config/load.ts";
import { EXIT } from "../exit-codes.ts";
import { sourcesOf } from "../keyring-source.ts";
import { shortId } from "../keys/file.ts";
import { printable, writeJson, writeLine } from "../output.ts";
import { timeText } from "../units.ts";
import { UsageError } from "../usage-error.ts";
import { advised } from "./advice.ts";
import { keyArgument, textIn } from "./public-key.ts";
import { scopeText } from "./scope.ts";
import { type Item, itemOf, type Line, type State, standingUnder } from "./standing.ts";

/** Whom to ask, and the lists that a reader has here. */
interface Believed {
  readonly roots: readonly VerifyingKey[];
  readonly lists: readonly Revocations[];
}

async function believedHere(invocation: Invocation): Promise<Believed> {
  const named = invocation.given.all("root");
  if (named.length > 0) return { roots: named.map(keyArgument), lists: [] };
  const [config, sources] = [await configOf(invocation), sourcesOf(invocation)];
  const chain = believedBy(config, sources);
  if (chain === undefined || !isChain(chain))
    throw new UsageError("no roots are configured", "give --root KEY, set CACHE_ROOTS, or configure them");
  const roots = publicKeys(chain.roots, rootsPlace(config, sources));
  const lists: Revocations[] = [];
  await trustTexts(chain.revocations ?? [], async (text) => lists.push(await readRevocations(text, roots)));
  return { roots, lists };
}

async function linesOf(files: readonly string[]): Promise<Line[]> {
  const lines: Line[] = [];
  for (const file of files) {
    const texts = trustLines(await textIn(file));
    if (texts.length === 0) throw new UsageError("a file has neither certificates nor lists");
    lines.push(...texts.map((text) => ({ file, text })));
  }
  return lines;
}

function fieldsOf(item: Item): object {
  if ("code" in item) return { code: item.code };
  const { issuer, created, expires } = item;
  const times = { issuer: toHex(issuer), created, expires };
  if (item.type === "certificate") return { key: toHex(item.key.id), ...item.scope, ...times };
  return { number: item.number, revoked: item.revoked.map(toHex), ...times };
}

function wordsOf(item: Item): string {
  if ("code" in item) return ` (${item.code})`;
  const until = `by root ${shortId(item.issuer)} until ${timeText(item.expires)}`;
  if (item.type === "certificate") return `, key ${shortId(item.key.id)} ${until}: ${scopeText(item.scope)}`;
  return `, list ${item.number} ${until}: ${item.revoked.map(shortId).join(" ") || "nobody"}`;
}

function standingFor(lists: readonly Revocations[]): (item: Item) => State {
  try {
    return standingUnder(lists, Date.now());
  } catch (error) {
    return advised(error);
  }
}

/** `cache trust show`. */
export async function show(invocation: Invocation, files: readonly string[]): Promise<number> {
  if (files.length === 0) throw new UsageError("no file is named", "give files with certificates or lists");
  const { roots, lists } = await believedHere(invocation);
  const items: Item[] = [];
  for (const line of await linesOf(files)) items.push(await itemOf(line, roots));
  const shown = items.filter((item) => item.type === "revocations" && !("code" in item)) as Revocations[];
  const standing = standingFor([...lists, ...shown]);
  const states: State[] = [];
  for (const item of items) {
    const [state, { file, type }] = [standing(item), item];
    states.push(state);
    if (invocation.given.flag("json")) await writeJson({ file, type, state, ...fieldsOf(item) });
    else await writeLine(`${printable(file)}: ${type} ${state}${wordsOf(item)}`);
  }
  return states.every((state) => state === "holds") ? EXIT.ok : EXIT.rejected;
}
