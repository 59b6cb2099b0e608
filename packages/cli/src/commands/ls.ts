import { type EntryReport, listEntries, storeStats } from "@cache/core/maintenance";
import type { Command, Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { inOrder } from "../in-order.ts";
import { printable, writeJson, writeLine } from "../output.ts";
import { mentionAbsence, mentionElsewhere, mentionUntold } from "../remarks.ts";
import { openSession } from "../session.ts";
import { sizeText, timeText } from "../units.ts";

function row({ key, namespace, size, expires, state }: EntryReport, showNamespace: boolean): string {
  const until = expires === undefined ? "-" : timeText(expires);
  const columns = [
    state === "ok" ? "ok" : state.replace("ERR_CACHE_", "").toLowerCase(),
    size === undefined ? "-" : sizeText(size),
    until,
  ];
  const name = showNamespace ? `${printable(namespace)}\t${printable(key)}` : printable(key);
  return `${columns.map((column) => column.padEnd(10)).join(" ")} ${name}`;
}

async function run(invocation: Invocation): Promise<number> {
  const { given } = invocation;
  const { store, protection, namespace } = await openSession(invocation);
  mentionAbsence(store);
  const [all, json] = [given.flag("all"), given.flag("json")];
  let [seen, shown] = [0, 0];
  for await (const entry of inOrder(wanted(), (each) => [each.namespace, each.key])) {
    shown += 1;
    await (json ? writeJson(entry) : writeLine(row(entry, all)));
  }
  if (shown === 0 && !json) mentionElsewhere(seen);
  mentionUntold((await storeStats({ store })).entries.count - seen, protection.seal !== undefined);
  return EXIT.ok;

  async function* wanted(): AsyncGenerator<EntryReport> {
    for await (const entry of listEntries({ store, seal: protection.seal, sign: protection.sign })) {
      seen += 1;
      if (all || entry.namespace === namespace) yield entry;
    }
  }
}

/** `cache ls`. */
export const command: Command = {
  usage: "ls [--all]",
  summary: "List the keys of the namespace",
  details: `Each line is the state, the size, the expiry in UTC and the key, in the order of the keys up to 100 000 of them. Control characters in keys are shown as \\u{…}.
--json prints one document a line: namespace, key, state, size, codec, created, expires.`,
  options: { all: { type: "boolean", help: "every namespace" } },
  positionals: [0, 0],
  run,
};
