import { crypto } from "#platform";
import { checkOptions } from "../adapter/check-options.ts";
import { addressOf } from "../cache/addresses.ts";
import { deleteNotedVersion } from "../cache/catalog.ts";
import { type EntryAnswer, readEntry } from "../cache/entries.ts";
import { type EntryFacts, writeEntry } from "../cache/entry-writes.ts";
import { type CacheOptions, type Settings, settle } from "../cache/options.ts";
import { requireWriter } from "../cache/writing.ts";
import type { SealContext } from "../ports/sealer.ts";
import type { CallOptions } from "../ports/store.ts";
import { NeededContent } from "./needed-content.ts";
import type { MaintenanceOptions } from "./options.ts";
import type { Scanned } from "./scan.ts";
import { candidates, type EntrySelection } from "./selection.ts";

/** One side of a transfer: the slots of the cache there. */
export type TransferSide = Pick<
  CacheOptions,
  "store" | "seal" | "sign" | "rollback" | "onEvent" | "maxBufferedBytes" | "now"
>;

/** What to bring from one cache to another. */
export interface TransferOptions extends EntrySelection, CallOptions, Pick<MaintenanceOptions, "onProgress"> {
  readonly from: TransferSide;
  readonly to: TransferSide;
  /**
   * Replace what is there under the same key.
   * @defaultValue false
   */
  readonly overwrite?: boolean | undefined;
  /**
   * Remove from where they were those that can be read where they are now.
   * @defaultValue false
   */
  readonly move?: boolean | undefined;
  /**
   * Verify and count, and change nothing.
   * @defaultValue false
   */
  readonly dryRun?: boolean | undefined;
}

const OPTIONS = [
  ...["from", "to", "namespace", "keys", "prefix", "overwrite", "move", "dryRun", "onProgress", "signal"],
] as readonly (keyof TransferOptions)[];

/** What became of the entries. */
export interface TransferReport {
  /** Those that are in the other cache now, or would be. */
  readonly copied: number;
  /** Left where they are, since the other cache has a value under their key. */
  readonly there: number;
  /** Past their time. */
  readonly expired: number;
  /** Not to be believed, or of other keys: not brought along. */
  readonly refused: number;
  /** How many of those that were refused nothing can be said of: other keys sealed them, or their notes are gone. */
  readonly untold: number;
  /** Keys that were asked for by name and under which there is no value. */
  readonly missing: number;
  /** Encoded values that were copied. */
  readonly bytes: number;
}

/**
 * Brings the entries of one cache to another, which may have other slots: unsealed to sealed, one key to another, a disk to a
 * bucket. Each is verified as a read would, comes with the content it needs, and is stated, signed and sealed anew by the
 * other's keys, with the times that it had. What does not hold stays behind. A value that somebody puts meanwhile under a key that was free a moment before may be replaced.
 * @throws CacheError `ERR_CACHE_READ_ONLY` when the other cache, or with `move` this one, has no key to write with
 */
export async function transferEntries(options: TransferOptions): Promise<TransferReport> {
  checkOptions("transferEntries", options, OPTIONS);
  const { dryRun = false, move = false } = options;
  const [from, to] = [settle(options.from), settle(options.to)];
  requireWriter(to);
  if (move) requireWriter(from);
  const report = { copied: 0, there: 0, expired: 0, refused: 0, untold: 0, missing: 0, bytes: 0 };
  const needed = new NeededContent();
  for await (const { entry, refusal } of candidates(from, options)) {
    if (entry === undefined) {
      report.refused += 1;
      if (refusal === undefined) report.untold += 1;
      continue;
    }
    const outcome = await transfer({ from, to, dryRun, move, options, needed }, entry);
    if (typeof outcome === "string") report[outcome] += 1;
    else Object.assign(report, { copied: report.copied + 1, bytes: report.bytes + outcome.bytes });
  }
  return report;
}

interface Transfer {
  readonly from: Settings;
  readonly to: Settings;
  readonly dryRun: boolean;
  readonly move: boolean;
  readonly options: TransferOptions;
  readonly needed: NeededContent;
}

type Outcome = "there" | "expired" | "refused" | "missing" | { readonly bytes: number };

async function transfer(
  { from, to, dryRun, move, needed, options: { overwrite = false, keys, signal } }: Transfer,
  { namespace, key }: NonNullable<Scanned["entry"]>,
): Promise<Outcome> {
  const [source, target] = [
    { ...from, namespace },
    { ...to, namespace },
  ];
  const answer = await readEntry(source, addressOf(source, key), { signal });
  if (answer.state === "miss" && keys !== undefined) return "missing";
  if (answer.state !== "hit") return answer.state === "expired" ? "expired" : "refused";
  const bytes = answer.bytes.byteLength;
  const isFree = overwrite || (await readEntry(target, addressOf(target, key), { signal })).state !== "hit";
  if (!isFree) return "there";
  if (dryRun) return { bytes };
  const seen = move ? await source.store.stat(answer.name, { signal }) : undefined;
  const { statement } = answer.record;
  if (!(await needed.bring(source, target, statement, { signal }))) return "refused";
  const { created, expires, metadata } = statement;
  await writeEntry(target, addressOf(target, key), answer.bytes, { created, expires, metadata } satisfies EntryFacts, {
    signal,
  });
  if (seen !== undefined && (await isSame(target, key, answer, { signal }))) {
    const context: SealContext = { namespace, kind: "entries", key };
    await deleteNotedVersion(source, answer.name, context, seen.version, { signal });
  }
  return { bytes };
}

/** Whether the same value is read from the other cache. */
async function isSame(
  target: Settings,
  key: Uint8Array,
  { record }: Extract<EntryAnswer, { state: "hit" }>,
  options: CallOptions,
): Promise<boolean> {
  const now = await readEntry(target, addressOf(target, key), options);
  return now.state === "hit" && crypto.equal(now.record.statement.digest, record.statement.digest);
}
