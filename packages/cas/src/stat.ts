import { type CallOptions, type Name, parseName, type Stat, storeError } from "@cache/core/adapter";
import { statPlace } from "./reading.ts";
import type { StoreRoot } from "./root.ts";

/** What is known of a value without its bytes. */
export async function statOf(root: StoreRoot, name: Name, { signal }: CallOptions = {}): Promise<Stat | undefined> {
  const place = parseName(name);
  signal?.throwIfAborted();
  try {
    return statPlace(root, place);
  } catch (error) {
    throw storeError("looking for a value", error, signal);
  }
}
