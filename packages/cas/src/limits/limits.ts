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

/** A value, its entry, and a note about each when they are sealed. */
const FILES = 4;

/** Whether a value of a length can be kept together with its entry and their notes. */
export function fits(length: number, { bytes }: Amount): boolean {
  return costOf(length) + (FILES - 1) * UNIT <= bytes;
}

/** The limits of a store; infinite where only the other one is given, `undefined` when neither is. @throws TypeError */
export function checkedLimits({ maxBytes, maxEntries }: FileStoreOptions): Amount | undefined {
  if (maxBytes === undefined && maxEntries === undefined) return undefined;
  const bytes = maxBytes === undefined ? Number.POSITIVE_INFINITY : parseSize(maxBytes);
  const entries = maxEntries ?? Number.POSITIVE_INFINITY;
  if (!fits(0, { bytes, entries })) {
    throw new TypeError(`maxBytes is at least ${FILES * UNIT}: what a value, its entry and their notes take`);
  }
  if (maxEntries !== undefined && (!Number.isSafeInteger(maxEntries) || maxEntries < 2)) {
    throw new TypeError("maxEntries is a whole number of at least 2: a value and its entry");
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

/** So many times an amount. */
export const times = ({ bytes, entries }: Amount, factor: number): Amount => ({
  bytes: bytes * factor,
  entries: entries * factor,
});

export const difference = (one: Amount, other: Amount): Amount => sum(one, times(other, -1));

/** The lesser of each. */
export const least = (one: Amount, other: Amount): Amount => ({
  bytes: Math.min(one.bytes, other.bytes),
  entries: Math.min(one.entries, other.entries),
});

/** Of both, whichever way it went. */
export const magnitude = ({ bytes, entries }: Amount): Amount => ({
  bytes: Math.abs(bytes),
  entries: Math.abs(entries),
});
