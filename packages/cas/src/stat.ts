import { type CallOptions, type Name, parseName, type Stat, storeError } from "@cache/core/adapter";
import { type StoreRoot, valuePath } from "./root.ts";
import { statValue } from "./value-file.ts";

/** What is known of a value without its bytes. */
export async function statOf(root: StoreRoot, name: Name, { signal }: CallOptions = {}): Promise<Stat | undefined> {
  const { kind, hex } = parseName(name);
  signal?.throwIfAborted();
  try {
    const found = root.look();
    return found && statValue(valuePath(found, kind, hex));
  } catch (error) {
    throw storeError("looking for a value", error, signal);
  }
}
