import { collect } from "../bytes/join.ts";
import { nameBytes, readNote } from "../cache/catalog.ts";
import { loadEntry } from "../cache/entries.ts";
import type { Settings } from "../cache/options.ts";
import { formOf } from "../content/content.ts";
import { looksSealed } from "../content/envelope-magic.ts";
import type { CallOptions, Listed } from "../ports/store.ts";
import { counter, type MaintenanceOptions, settleMaintenance } from "./options.ts";
import { scanEntries, scanEntry } from "./scan.ts";
import { Tally, type VerifyReport } from "./tally.ts";

/**
 * Reads everything and verifies it as a read would, beside writers and readers. Damage is set aside, so that the next
 * put heals it; what other keys wrote is counted and left.
 */
export async function verifyStore(options: MaintenanceOptions): Promise<VerifyReport> {
  const settings = settleMaintenance(options);
  const tally = new Tally();
  await verifyEntries(settings, tally, options);
  await verifyBlobs(settings, tally, options);
  return tally.report();
}

async function verifyEntries(settings: Settings, tally: Tally, options: MaintenanceOptions): Promise<void> {
  const { signal } = options;
  const count = counter("entries", options);
  const seen = new Set<string>();
  for await (const { listed, entry, refusal } of scanEntries(settings, { signal })) {
    tally.bytes += listed.size;
    count(listed.size);
    if (refusal !== undefined)
      await tally.check(settings, listed.name, () => reparse(settings, listed, { signal }), { signal });
    if (entry === undefined) continue;
    const at = { ...settings, namespace: entry.namespace };
    await tally.check(at, listed.name, () => entryHolds(at, listed, entry.key, seen, { signal }), { signal });
  }
}

/** A second look at what was no record: the very error, unless a put has healed it. */
async function reparse(settings: Settings, listed: Listed, options: CallOptions): Promise<"ok"> {
  const { refusal } = await scanEntry(settings, listed, options);
  if (refusal !== undefined) throw refusal;
  return "ok";
}

/**
 * A sealed entry's content has no note of its own, so it is verified here, once however many entries name it. Unsealed
 * content is verified where it is listed; here it only has to be there.
 */
async function entryHolds(
  settings: Settings,
  listed: Listed,
  key: Uint8Array,
  seen: Set<string>,
  options: CallOptions,
): Promise<"ok" | "missing" | undefined> {
  const record = await loadEntry(settings, listed.name, key, options);
  if (record === undefined) return undefined;
  if (record.payload !== undefined) return "ok";
  const form = formOf(settings);
  const { digest } = record.statement;
  for (const name of form.names(digest)) {
    if (seen.has(name)) return "ok";
    if ((await settings.store.stat(name, options)) === undefined) continue;
    seen.add(name);
    if (settings.seal !== undefined) await readThrough(await form.open(name, digest, options));
    return "ok";
  }
  return "missing";
}

/** Reads content to its end; that is the verification. */
async function readThrough(pieces: AsyncIterable<Uint8Array> | undefined): Promise<"ok" | undefined> {
  if (pieces === undefined) return undefined;
  for await (const _ of pieces);
  return "ok";
}

async function verifyBlobs(settings: Settings, tally: Tally, options: MaintenanceOptions): Promise<void> {
  const { signal } = options;
  const count = counter("blobs", options);
  for await (const listed of settings.store.list("blobs", { signal })) {
    tally.bytes += listed.size;
    count(listed.size);
    const found = await (settings.seal === undefined ? plainContent : sealedContent)(settings, listed, { signal });
    if (found === undefined) continue;
    const at = { ...settings, namespace: found.namespace };
    const look = async () => readThrough(await formOf(at).open(listed.name, found.digest, { signal }));
    await tally.check(at, listed.name, look, { signal });
  }
}

interface FoundContent {
  readonly namespace: string;
  readonly digest: Uint8Array;
}

/** What a sealed cache keeps in the same place is not this one's to judge. */
async function plainContent(
  settings: Settings,
  { name }: Listed,
  options: CallOptions,
): Promise<FoundContent | undefined> {
  const head = await settings.store.open(name, { ...options, start: 0, end: 8 });
  if (head === undefined || looksSealed(await collect(head))) return undefined;
  return { namespace: settings.namespace, digest: nameBytes(name) };
}

async function sealedContent(
  { store, seal }: Settings,
  { name }: Listed,
  options: CallOptions,
): Promise<FoundContent | undefined> {
  const context = seal && (await readNote({ store, seal }, name, options));
  return context?.kind === "blobs" ? { namespace: context.namespace, digest: context.key } : undefined;
}
