import { fromUtf8 } from "@cache/core/bytes";
import { type Amount, NOTHING, sum } from "./limits.ts";

/** What a ledger says. */
export interface Count {
  /** Random, of the file: another count begins another file. */
  readonly id: string;
  readonly total: Amount;
  /** When all was last counted, in milliseconds since 1970 UTC. */
  readonly counted: number;
}

/** Longer than any first line. */
export const FIRST_LENGTH = 128;

const FIRST = /^ledger 1 ([0-9a-f]{32}) (\d{1,15}) (\d{1,15}) (\d{1,15})$/;
const CHANGE = /^(-?\d{1,15}) (-?\d{1,15})$/;

/** The first line: what there was when all was counted. */
export function firstLine({ id, total, counted }: Count): string {
  return `ledger 1 ${id} ${total.bytes} ${total.entries} ${counted}\n`;
}

/** A further line: what came, or with a minus went. */
export function changeLine({ bytes, entries }: Amount): string {
  return `${bytes} ${entries}\n`;
}

/** The first line and how many bytes it is. `undefined` for anything else. */
export function readFirst(bytes: Uint8Array): { readonly count: Count; readonly length: number } | undefined {
  const length = bytes.indexOf(0x0a) + 1;
  const [, id, total, entries, counted] = FIRST.exec(textOf(bytes.subarray(0, Math.max(0, length - 1)))) ?? [];
  if (id === undefined) return undefined;
  return { count: { id, total: { bytes: Number(total), entries: Number(entries) }, counted: Number(counted) }, length };
}

/**
 * The sum of further lines and how many bytes they are. A line without an end is still being written and left for later;
 * a line that is none, such as one that a full medium cut, makes the answer `undefined`.
 */
export function readChanges(bytes: Uint8Array): { readonly change: Amount; readonly length: number } | undefined {
  const length = bytes.lastIndexOf(0x0a) + 1;
  let change = NOTHING;
  if (length === 0) return { change, length };
  for (const line of textOf(bytes.subarray(0, length - 1)).split("\n")) {
    const [, came, entries] = CHANGE.exec(line) ?? [];
    if (entries === undefined) return undefined;
    change = sum(change, { bytes: Number(came), entries: Number(entries) });
  }
  return { change, length };
}

function textOf(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch {
    return "";
  }
}
