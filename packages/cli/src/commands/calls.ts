import { type CallRecord, type CallRecords, callRecords } from "@cache/calls";
import { writeCall, writeRow } from "../calls/print.ts";
import { QUERY, queryOf } from "../calls/query.ts";
import type { Command, Given, Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { writeJson, writeLine } from "../output.ts";
import { openSession, type Session } from "../session.ts";
import { UsageError } from "../usage-error.ts";

/** What an action works with. */
interface Desk {
  readonly given: Given;
  readonly cache: Session["cache"];
  readonly records: CallRecords;
}

async function list({ given, records }: Desk): Promise<number> {
  for await (const call of records.query(queryOf(given).query)) {
    if (given.flag("json")) await writeJson(call);
    else await writeRow(call);
  }
  return EXIT.ok;
}

async function show({ given, cache, records }: Desk, id: string | undefined): Promise<number> {
  if (id === undefined) throw new UsageError("no call is named", "give 4 or more digits of its id");
  const call = await records.find(id);
  if (call === undefined) return EXIT.miss;
  const found = await cache.stat(call.key);
  const state = found === undefined ? "gone" : found.digest === call.result?.digest ? "kept" : "another by now";
  if (given.flag("json")) await writeJson({ ...call, resultState: state });
  else await writeCall(call, state);
  return EXIT.ok;
}

/** By its id, or by a query: to name none is a slip more often than it is meant. */
async function chosen({ given, records }: Desk, id: string | undefined): Promise<readonly CallRecord[]> {
  const { query, isAll } = queryOf(given);
  if (id === undefined && isAll) throw new UsageError("no calls are named", "give an id, or say which with --name");
  if (id === undefined) return records.query(query).toArray();
  if (!isAll) throw new UsageError("an id and a query contradict each other");
  const call = await records.find(id);
  return call === undefined ? [] : [call];
}

async function remove(desk: Desk, id: string | undefined): Promise<number> {
  const { given, records } = desk;
  const calls = await chosen(desk, id);
  const dryRun = given.flag("dry-run");
  if (dryRun && !given.flag("json")) for (const call of calls) await writeRow(call);
  const removed = dryRun
    ? { records: calls.length }
    : await records.remove(calls, { keepResults: given.flag("keep-results") });
  if (given.flag("json")) await writeJson({ ...removed, dryRun });
  else if (dryRun) await writeLine(`would remove ${calls.length} calls`);
  else await writeLine(`removed ${calls.length} calls, ${"results" in removed ? removed.results : 0} results`);
  return id !== undefined && calls.length === 0 ? EXIT.miss : EXIT.ok;
}

const ACTIONS: Readonly<Record<string, (desk: Desk, id: string | undefined) => Promise<number>>> = Object.assign(
  Object.create(null),
  { list, show, rm: remove },
);

async function run(invocation: Invocation): Promise<number> {
  const { given } = invocation;
  const [name = "list", id] = given.positionals;
  const action = ACTIONS[name];
  if (action === undefined || (action === list && id !== undefined))
    throw new UsageError("there is no such action", "it is list, show or rm");
  const removes = action === remove;
  if (!removes && (given.flag("dry-run") || given.flag("keep-results")))
    throw new UsageError("--dry-run and --keep-results are options of calls rm");
  const { cache } = await openSession(invocation);
  return action({ given, cache, records: callRecords(cache) }, id);
}

/** `cache calls`. */
export const command: Command = {
  usage: "calls [list] | calls show ID | calls rm [ID] [--dry-run]",
  summary: "List, show or remove the recorded calls of functions",
  details: `The records are those that callRecords of @cache/calls keeps in the namespace. Each line is the call's id, its time in UTC,
whether it ran, how long, the size of the result, the digest of the arguments and the function. The newest come first.
rm removes the calls that the options choose, or one by its id, and each result of which no call is left; results'
content goes with gc. --json prints one document a line for list, the call with resultState (kept, gone, another by now) for
show, and records, results, dryRun for rm.`,
  options: {
    ...QUERY,
    "keep-results": { type: "boolean", help: "with rm: remove the records alone" },
    "dry-run": { type: "boolean", help: "with rm: only say what would go" },
  },
  positionals: [0, 2],
  run,
};
