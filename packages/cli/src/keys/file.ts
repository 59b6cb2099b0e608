import { toHex } from "@cache/core/bytes";
import type { KeyEntry, Keyring } from "@cache/core/keyring";
import type { Invocation } from "../command.ts";
import { keyringPath } from "../keyring-source.ts";
import { configOf } from "../session.ts";
import { UsageError } from "../usage-error.ts";

/** The keyring file that a `keys` action is about. */
export async function keyringFileOf(invocation: Invocation): Promise<string> {
  const path = keyringPath(invocation, await configOf(invocation));
  if (path === undefined)
    throw new UsageError("no keyring file is named", "give --keyring-file FILE or set CACHE_KEYRING_FILE");
  return path;
}

/** How ids are shown to people. */
export function shortId(id: Uint8Array): string {
  return toHex(id.subarray(0, 4));
}

/** The one key whose id begins with the given digits. */
export function findKey(keyring: Keyring, prefix: string | undefined): KeyEntry {
  if (prefix === undefined || !/^[0-9a-f]{4,32}$/i.test(prefix)) {
    throw new UsageError("an id is given by at least 4 of its hexadecimal digits", "cache keys list shows them");
  }
  const [found, ...more] = keyring.entries.filter(({ id }) => toHex(id).startsWith(prefix.toLowerCase()));
  if (found === undefined) throw new UsageError("no key of the keyring has this id", "cache keys list shows them");
  if (more.length > 0) throw new UsageError("several keys have an id that begins so", "give more digits");
  return found;
}

/** Refuses arguments that an action has no use for. */
export function noMore(rest: readonly string[]): void {
  if (rest.length > 0) throw new UsageError("there are too many arguments", "cache keys --help");
}
