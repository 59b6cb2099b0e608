import { trustLines } from "@cache/config/keys";
import { toHex } from "@cache/core/bytes";
import type { Revocations } from "@cache/signer/chain";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { shortId } from "../keys/file.ts";
import { note, printable, writeJson, writeLine } from "../output.ts";
import { timeText } from "../units.ts";
import { UsageError } from "../usage-error.ts";
import { advised } from "./advice.ts";
import { type Believed, believedHere, isRolledBack } from "./believed.ts";
import { textIn } from "./public-key.ts";
import { scopeText } from "./scope.ts";
import { type Item, itemOf, type Line, type State, standingUnder } from "./standing.ts";

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

function standingFor(lists: readonly Revocations[], revoked: readonly Uint8Array[]): (item: Item) => State {
  try {
    return standingUnder(lists, revoked, Date.now());
  } catch (error) {
    return advised(error);
  }
}

const listsIn = (items: readonly Item[]): Revocations[] =>
  items.filter((item) => item.type === "revocations" && !("code" in item)) as Revocations[];

/** Takes what was seen into account: older lists are refused here, and with them, where they are configured, everything. */
async function itemsHere(lines: readonly Line[], believed: Believed): Promise<Item[]> {
  const { roots, lists } = believed;
  const refusesAll = await isRolledBack(believed, roots, lists);
  if (refusesAll) note("a newer list of revocations was seen than is configured here, so nobody is believed");
  const items: Item[] = [];
  for (const line of lines) {
    const item = await itemOf(line, roots);
    const [list] = listsIn([item]);
    const issuers = roots.filter(({ id }) => list !== undefined && toHex(id) === toHex(list.issuer));
    const isRefused = list === undefined ? refusesAll : await isRolledBack(believed, issuers, [list]);
    items.push(isRefused && !("code" in item) ? { ...line, type: item.type, code: "ERR_CACHE_ROLLBACK" } : item);
  }
  return items;
}

/** `cache trust show`. */
export async function show(invocation: Invocation, files: readonly string[]): Promise<number> {
  if (files.length === 0) throw new UsageError("no file is named", "give files with certificates or lists");
  const believed = await believedHere(invocation);
  const items = await itemsHere(await linesOf(files), believed);
  const standing = standingFor([...believed.lists, ...listsIn(items)], believed.revoked);
  const states: State[] = [];
  for (const item of items) {
    const [state, { file, type }] = [standing(item), item];
    states.push(state);
    if (invocation.given.flag("json")) await writeJson({ file, type, state, ...fieldsOf(item) });
    else await writeLine(`${printable(file)}: ${type} ${state}${wordsOf(item)}`);
  }
  return states.every((state) => state === "holds") ? EXIT.ok : EXIT.rejected;
}
