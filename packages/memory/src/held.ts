import type { Name } from "@cache/core/adapter";
import type { Queue } from "./queue.ts";

/**
 * What a value is charged beside its own length: its name, its records, and the trace that one evicted value leaves.
 * Measured on V8, 64-bit, and rounded up; bytes.
 */
export const ENTRY_COST = 512;

/** Uses beyond this are not counted: two bits, as in the paper of the policy. */
export const MOST_USES = 3;

/** A name the store knows: with its value, or as the trace of a value that was evicted. */
export interface Held {
  readonly name: Name;
  /** Rises with every name new to the store, so that a listing knows what came after it began. */
  readonly born: number;
  /** Absent for a trace. */
  bytes: Uint8Array | undefined;
  /** When it was put, in milliseconds since 1970 UTC. */
  modified: number;
  /** Rises with every put to the store. */
  version: number;
  /** Uses since it was put or last passed over. */
  uses: number;
  /** Iterations over the value that are under way. */
  readers: number;
  /** Where it goes back to when its last reader is done. */
  home: Queue | undefined;
  queue: Queue | undefined;
  older: Held | undefined;
  newer: Held | undefined;
}

/** A name that holds nothing yet. */
export function newHeld(name: Name, born: number): Held {
  return {
    name,
    born,
    bytes: undefined,
    modified: 0,
    version: 0,
    uses: 0,
    readers: 0,
    home: undefined,
    queue: undefined,
    older: undefined,
    newer: undefined,
  };
}

/** What it takes of the bound; nothing for a trace, which is paid for by the value that evicted it. */
export function costOf({ bytes }: Held): number {
  return bytes === undefined ? 0 : bytes.length + ENTRY_COST;
}
