import { believedBy, isChain, listMemory, publicKeys, rootsPlace, trustTexts } from "@cache/config/keys";
import { isCacheError, type MonotonicStore } from "@cache/core";
import { toHex } from "@cache/core/bytes";
import type { VerifyingKey } from "@cache/core/keyring";
import { checkSeen, newestRevocations, type Revocations, readRevocations } from "@cache/signer/chain";
import type { Invocation } from "../command.ts";
import { lastingDirectory } from "../config/directory.ts";
import { configOf } from "../config/load.ts";
import { loadKeyring, sourcesOf } from "../keyring-source.ts";
import { UsageError } from "../usage-error.ts";
import { advised } from "./advice.ts";
import { keyArgument } from "./public-key.ts";

/** Whom to ask, and what a reader has here. */
export interface Believed {
  readonly roots: readonly VerifyingKey[];
  readonly lists: readonly Revocations[];
  /** Ids of the keys that the keyring here revoked. */
  readonly revoked: readonly Uint8Array[];
  /** Remembers lists. Whoever only looks must not make it remember. */
  readonly seen: MonotonicStore | undefined;
}

/** The roots of `--root`, without anything else, or all that a reader is configured with. @throws UsageError for neither */
export async function believedHere(invocation: Invocation): Promise<Believed> {
  const named = invocation.given.all("root");
  if (named.length > 0) return { roots: named.map(keyArgument), lists: [], revoked: [], seen: undefined };
  const [config, sources] = [await configOf(invocation), sourcesOf(invocation)];
  const chain = believedBy(config, sources);
  if (chain === undefined || !isChain(chain))
    throw new UsageError("no roots are configured", "give --root KEY, set CACHE_ROOTS, or configure them");
  const roots = publicKeys(chain.roots, rootsPlace(config, sources));
  const lists: Revocations[] = [];
  await trustTexts(chain.revocations ?? [], async (text) => lists.push(await readRevocations(text, roots)));
  const seen = await listMemory(chain, { ...sources, directory: lastingDirectory(invocation, config) });
  const entries = (await loadKeyring(invocation, config))?.entries ?? [];
  const revoked = entries.filter(({ type, key }) => type !== "master" && key === undefined).map(({ id }) => id);
  return { roots, lists, revoked, seen };
}

/** Whether lists, or none, are older than what was seen of the roots. */
export async function isRolledBack(
  { seen }: Believed,
  roots: readonly VerifyingKey[],
  lists: readonly Revocations[],
): Promise<boolean> {
  if (seen === undefined) return false;
  try {
    const newest = newestRevocations(lists);
    for (const root of roots) await checkSeen(seen, root, newest.get(toHex(root.id)));
    return false;
  } catch (error) {
    if (isCacheError(error, "ERR_CACHE_ROLLBACK")) return true;
    return advised(error);
  }
}
