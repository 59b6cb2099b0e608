import { utf8 } from "../bytes/text.ts";
import { keyBytes } from "../cache/keys.ts";
import type { Settings } from "../cache/options.ts";
import { counter, type MaintenanceOptions } from "./options.ts";
import { type Scanned, scanEntries } from "./scan.ts";

/** Which entries of a store. */
export interface EntrySelection {
  /**
   * Only those of this namespace.
   * @defaultValue those of all
   */
  readonly namespace?: string | undefined;
  /**
   * Only those under these keys of `namespace`, which is the empty one unless it is given. They are looked up; nothing is listed.
   * @defaultValue those under all
   */
  readonly keys?: readonly string[] | undefined;
  /**
   * Only those whose key begins so.
   * @defaultValue those under all
   */
  readonly prefix?: string | undefined;
}

type Options = EntrySelection & Pick<MaintenanceOptions, "onProgress" | "signal">;

/** What is asked for, or may be. */
type Candidate = Omit<Scanned, "listed">;

/**
 * The entries that a transfer is asked for, and those of which nobody can tell whether they are. Keys that are named are looked up,
 * so that nothing else is read, and what others have written beside them plays no part.
 */
export async function* candidates(from: Settings, options: Options): AsyncGenerator<Candidate> {
  const { keys, namespace = "", signal } = options;
  const count = counter("entries", options);
  if (keys === undefined) {
    for await (const { listed, ...found } of scanEntries(from, { signal })) {
      count(listed.size);
      if (found.entry === undefined || isWanted(found.entry, options)) yield found;
    }
    return;
  }
  for (const key of new Set(keys)) {
    count(0);
    const entry = { namespace, key: keyBytes(key) };
    if (isWanted(entry, options)) yield { entry };
  }
}

function isWanted({ namespace, key }: NonNullable<Scanned["entry"]>, options: EntrySelection): boolean {
  if ((options.namespace ?? namespace) !== namespace) return false;
  const prefix = utf8(options.prefix ?? "");
  return prefix.every((byte, at) => key[at] === byte);
}
