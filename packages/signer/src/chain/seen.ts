import { CacheError } from "@cache/core";
import type { MonotonicStore, Seen } from "@cache/core/adapter";
import { concat, pae, utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import type { VerifyingKey } from "@cache/core/keyring";
import type { Revocations } from "./revocations.ts";
import { NAMESPACE } from "./signed-by-root.ts";

const scopeOf = (root: VerifyingKey): Uint8Array =>
  crypto.sha256(pae("cache/v1/rollback", NAMESPACE, concat(utf8("revocations"), root.id)));

const seenOf = (list: Revocations): Seen => ({ sequence: list.number, digest: list.digest });

const isSame = (one: Seen | undefined, other: Seen | undefined): boolean =>
  one?.sequence === other?.sequence && (!one || !other || crypto.equal(one.digest, other.digest));

const rolledBack = (): CacheError =>
  new CacheError("ERR_CACHE_ROLLBACK", "a newer list of revocations was seen than the one given");

/** An older list than was seen would bring revoked keys back, and so would none. */
export async function requireNewest(
  seen: MonotonicStore,
  root: VerifyingKey,
  list: Revocations | undefined,
): Promise<void> {
  const mine = list && seenOf(list);
  const held = mine === undefined ? await seen.get(scopeOf(root)) : await seen.advance(scopeOf(root), mine);
  if (!isSame(held, mine)) throw rolledBack();
}

/**
 * Whether a reader that remembers lists would take this one of a root, or none of it; nothing is remembered by asking. For those who look
 * at what others use.
 * @throws CacheError `ERR_CACHE_ROLLBACK` when it would not, `ERR_CACHE_STORE`
 */
export async function checkSeen(
  seen: MonotonicStore,
  root: VerifyingKey,
  list: Revocations | undefined,
): Promise<void> {
  const held = await seen.get(scopeOf(root));
  if (held === undefined || (list !== undefined && list.number > held.sequence)) return;
  if (!isSame(held, list && seenOf(list))) throw rolledBack();
}
