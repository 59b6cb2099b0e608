import { parseSize } from "@cache/core/adapter";
import type { FileStoreOptions } from "../options.ts";

/** Room on the medium and a number of values: of one thing, of a store, or a difference. */
export interface Amount {
  readonly bytes: number;
  readonly entries: number;
}

export const NOTHING: Amount = { bytes: 0, entries: 0 };

/** File systems give out room in blocks, and a file without bytes still takes its place in a directory. */
const UNIT = 4096;

/** What a file of a length takes on the medium. */
export function costOf(length: number): number {
  return Math.max(1, Math.ceil(length / UNIT)) * UNIT;
}

/** The limits of a store; infinite where only the other one is given, `undefined` when neither is. @throws TypeError */
export function checkedLimits({ maxBytes, maxEntries }: FileStoreOptions): Amount | undefined {
  if (maxBytes === undefined && maxEntries === undefined) return undefined;
  const bytes = maxBytes === undefined ? Number.POSITIVE_INFINITY : parseSize(maxBytes);
  const entries = maxEntries ?? Number.POSITIVE_INFINITY;
  if (bytes < UNIT) throw new TypeError(`maxBytes is at least ${UNIT}, which the shortest value takes`);
  if (maxEntries !== undefined && (!Number.isSafeInteger(maxEntries) || maxEntries < 1)) {
    throw new TypeError("maxEntries is a whole number above zero");
  }
  return { bytes, entries };
}

export const sum = (one: Amount, other: Amount): Amount => ({
  bytes: one.bytes + other.bytes,
  entries: one.entries + other.entries,
});

/** A share of an amount, of at least one value. */
export const shareOf = ({ bytes, entries }: Amount, share: number): Amount => ({
  bytes: bytes * share,
  entries: Math.max(1, Math.floor(entries * share)),
});

/** Whether there is more than a limit allows of one or the other. */
export const exceeds = (amount: Amount, limit: Amount): boolean =>
  amount.bytes > limit.bytes || amount.entries > limit.entries;

/** Of both, whichever way it went. */
export const magnitude = ({ bytes, entries }: Amount): Amount => ({
  bytes: Math.abs(bytes),
  entries: Math.abs(entries),
});
