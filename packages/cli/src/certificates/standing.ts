import { isCacheError } from "@cache/core";
import { toHex } from "@cache/core/bytes";
import type { VerifyingKey } from "@cache/core/keyring";
import { CLOCK_SKEW } from "@cache/core/record";
import {
  type Certificate,
  newestRevocations,
  type Revocations,
  readCertificate,
  readRevocations,
} from "@cache/signer/chain";

/** A line of a file. */
export interface Line {
  readonly file: string;
  readonly text: string;
}

/** What a line says, once a root's signature of it held. */
export type Item =
  | ({ readonly type: "certificate" } & Line & Certificate)
  | ({ readonly type: "revocations" } & Line & Revocations)
  | ({ readonly type: "certificate" | "revocations" | "unknown"; readonly code: string } & Line);

/** Whether something counts now; `no-list`: the list of a root has ended, so nobody can say who is revoked, and readers refuse all. */
export type State = "holds" | "expired" | "not-yet-valid" | "revoked" | "no-list" | "rejected";

/** Reads a line. What does not hold says so by its code. */
export async function itemOf(line: Line, roots: readonly VerifyingKey[]): Promise<Item> {
  const type = /^cachet1\.(certificate|revocations)\./.exec(line.text)?.[1] as
    | "certificate"
    | "revocations"
    | undefined;
  try {
    if (type === "revocations") return { type, ...line, ...(await readRevocations(line.text, roots)) };
    return { type: "certificate", ...line, ...(await readCertificate(line.text, roots)) };
  } catch (error) {
    if (!isCacheError(error)) throw error;
    return { type: type ?? "unknown", ...line, code: error.code };
  }
}

function timeState(
  { created, expires }: Certificate | Revocations,
  now: number,
): "holds" | "expired" | "not-yet-valid" {
  if (now >= expires) return "expired";
  return created <= now + CLOCK_SKEW ? "holds" : "not-yet-valid";
}

/**
 * Tells how items stand under lists, as a reader that has these would.
 * @param revokedHere - ids of keys that the reader itself revoked
 * @throws CacheError `ERR_CACHE_ROLLBACK` for lists that no reader takes together
 */
export function standingUnder(
  lists: readonly Revocations[],
  revokedHere: readonly Uint8Array[],
  now: number,
): (item: Item) => State {
  const newest = [...newestRevocations(lists).values()];
  const revoked = new Set([...newest.flatMap((list) => list.revoked), ...revokedHere].map(toHex));
  const isWithoutList = newest.some((list) => timeState(list, now) !== "holds");
  return (item) => {
    if ("code" in item) return "rejected";
    if (item.type === "revocations") return timeState(item, now);
    if (revoked.has(toHex(item.key.id))) return "revoked";
    const state = timeState(item, now);
    return state === "holds" && isWithoutList ? "no-list" : state;
  };
}
