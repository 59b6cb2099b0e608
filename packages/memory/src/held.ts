import type { Name } from "@cache/core/adapter";

/**
 * What a value is charged beside its own length, in bytes: its name, its records, and the trace that another value
 * left when it was evicted. Measured on 64-bit V8, and rounded up.
 */
export const ENTRY_COST = 640;

/** Uses beyond this are not counted: two bits, as in the paper of the policy. */
export const MOST_USES = 3;

/** Where values wait, as the values themselves see it. */
export interface Line {
  push(held: Held): void;
  remove(held: Held): void;
}

/** A value in the store. */
export interface Held {
  readonly name: Name;
  /** Rises with every name that is new to the store, so that a listing knows what came after it began. */
  readonly born: number;
  bytes: Uint8Array;
  /** When it was put, in milliseconds since 1970 UTC. */
  modified: number;
  /** Rises with every put to the store. */
  version: number;
  /** Uses since it was put or last passed over. */
  uses: number;
  /** Iterations over the value that are under way. */
  readers: number;
  /** Where it goes back to when its last reader is done. */
  home: Line | undefined;
  queue: Line | undefined;
  older: Held | undefined;
  newer: Held | undefined;
}

/** A value in no queue yet, which nobody has used. */
export function newHeld(name: Name, born: number, bytes: Uint8Array): Held {
  return {
    name,
    born,
    bytes,
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

/** What a value of this length takes of the bound. */
export function costOf({ bytes }: { readonly bytes: Uint8Array }): number {
  return bytes.length + ENTRY_COST;
}
